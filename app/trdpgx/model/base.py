"""The base of every model that crosses a file or a wire."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A frozen pydantic model that refuses fields it does not know and never echoes its input in an error.

    pydantic keeps short strings of the JSON that it reads for the life of the process, unless it is told not to.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, use_attribute_docstrings=True, cache_strings="none")

    def copy_with(self, **values: Any) -> Self:
        """Return a copy with other values, checked as the constructor does. Raises ``pydantic.ValidationError``."""
        return type(self)(**{**dict(self), **values})
