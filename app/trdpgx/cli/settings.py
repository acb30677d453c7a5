"""The settings of a command, from the environment."""

import os
from difflib import get_close_matches
from pathlib import Path

import click
from pydantic import ValidationError

from trdpgx.model.environment import PREFIX
from trdpgx.model.limits import Limits
from trdpgx.model.settings import Settings


def load_settings(layer: Path | None = None) -> Settings:
    """Read the settings; ``layer`` replaces the folder of rules that they name.

    An environment variable that looks like a setting and is none would be ignored in silence, so it is refused.
    """
    names = {(PREFIX + name).upper() for model in (Settings, Limits) for name in model.model_fields}
    unknown = sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in names)
    if unknown:
        near = dict.fromkeys(name for one in unknown for name in get_close_matches(one.upper(), sorted(names), 1, 0.85))
        meant = f"did you mean {' and '.join(near)}? " if near else ""
        raise click.UsageError(f"no such setting: {', '.join(unknown)} ({meant}docs/settings.md lists them)")
    try:
        Limits()
        settings = Settings()
    except ValidationError as error:
        message = "; ".join(f"{PREFIX}{str(detail['loc'][0]).upper()}: {detail['msg']}" for detail in error.errors(include_input=False))
        raise click.UsageError(f"a setting is not usable: {message}") from None
    return settings.copy_with(rules=layer) if layer else settings
