"""The settings of a command, from the environment."""

import os
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import click
from pydantic import ValidationError

from trdpgx.model.access import AccessSettings
from trdpgx.model.environment import PREFIX, Environment
from trdpgx.model.limits import Limits
from trdpgx.model.settings import Settings


def load_settings(layer: Path | None = None) -> Settings:
    """Read the settings; ``layer`` replaces the folder of rules that they name.

    Raises ``click.UsageError`` for an environment variable that looks like a setting and is none, which would have no effect.
    """
    names = {(PREFIX + name).upper() for model in (Settings, Limits, AccessSettings) for name in model.model_fields}
    unknown = sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in names)
    if unknown:
        near = dict.fromkeys(name for one in unknown for name in get_close_matches(one.upper(), sorted(names), 1, 0.85))
        meant = f"did you mean {' and '.join(near)}? " if near else ""
        raise click.UsageError(f"no such setting: {', '.join(unknown)} ({meant}docs/settings.md lists them)")
    _read(Limits)
    settings = _read(Settings)
    return settings.copy_with(rules=layer) if layer else settings


def load_access() -> AccessSettings:
    """Read the settings of the service that face its callers."""
    return _read(AccessSettings)


Model = TypeVar("Model", bound=Environment)


def _read(model: type[Model]) -> Model:
    try:
        return model()
    except ValidationError as error:
        message = "; ".join(map(_described, error.errors(include_input=False)))
        raise click.UsageError(f"a setting is not usable: {message}") from None


def _described(detail: Any) -> str:
    text = str(detail["msg"]).removeprefix("Value error, ")
    return f"{PREFIX}{str(detail['loc'][0]).upper()}: {text}" if detail["loc"] else text
