"""Models that are read from the environment. pydantic-settings does more, and importing it takes longer than reading the rules."""

import os
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator

PREFIX = "TRDPGX_"


class Environment(BaseModel):
    """A frozen model whose fields come from variables where they are not given: ``TRDPGX_`` and the field's name, in any case.

    An empty variable counts as not set: that is what `${NAME:-}` of a compose file or an empty line of an environment file makes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _read(cls, values: dict[str, Any]) -> dict[str, Any]:
        variables = {name.upper(): value for name, value in os.environ.items()}
        names = {name: (PREFIX + name).upper() for name in cls.model_fields}
        return {**{name: variables[variable] for name, variable in names.items() if variables.get(variable)}, **values}

    def copy_with(self, **values: Any) -> Self:
        """Return a copy with other values, checked as the constructor does. Raises ``pydantic.ValidationError``."""
        return type(self)(**{**dict(self), **values})
