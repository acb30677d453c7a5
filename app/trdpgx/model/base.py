"""The base of every model that crosses a file or a wire."""

import inspect
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from textwrap import dedent
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue

_new, _set = object.__new__, object.__setattr__
_set_fields, _set_extra, _set_private = (
    getattr(BaseModel, name).__set__ for name in ("__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
)
"""What a model has beside its fields; pydantic sets them so, too."""


class Model(BaseModel):
    """A frozen pydantic model that refuses fields it does not know and never echoes its input in an error.

    pydantic would keep short strings of the JSON that it reads for the life of the process: that is switched off. The validator of a class
    is built when it is first needed, and the texts below the fields are read when a schema is asked for: both at import would take a third
    of the start of a command.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, cache_strings="none", defer_build=True)

    @classmethod
    def unchecked(cls, values: dict[str, Any]) -> Self:
        """Return a model of values that have their types already, without a check: all its fields, in their order.

        For what there are hundreds of in a report: pydantic's constructor takes four times as long, and ``model_construct`` even longer.
        """
        model = _new(cls)
        _set(model, "__dict__", values)
        _set_fields(model, set())
        _set_extra(model, None)
        _set_private(model, None)
        return model

    def copy_with(self, **values: Any) -> Self:
        """Return a copy with other values, checked as the constructor does. Raises ``pydantic.ValidationError``."""
        return type(self)(**{**self.__dict__, **values})

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: GetJsonSchemaHandler, /) -> JsonSchemaValue:
        """Return the JSON Schema with the text below each field as its description."""
        schema = handler(core_schema)
        properties = handler.resolve_ref_schema(schema).get("properties", {})
        texts = field_texts(cls)
        for name, field in cls.model_fields.items():
            for key in {name, field.alias, field.serialization_alias} & properties.keys() if name in texts else ():
                properties[key].setdefault("description", texts[name])
        return schema


@cache
def field_texts(model: type[BaseModel]) -> Mapping[str, str]:
    """Return the text below each field of a model and of what it inherits from."""
    import ast  # noqa: PLC0415 (only schemas need it)

    texts: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if base in {Model, BaseModel} or not issubclass(base, BaseModel):
            continue
        (tree,) = ast.parse(dedent(inspect.getsource(base))).body
        members = tree.body if isinstance(tree, ast.ClassDef) else []
        for member, below in pairwise(members):
            text = below.value.value if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) else None
            if isinstance(member, ast.AnnAssign) and isinstance(member.target, ast.Name) and isinstance(text, str):
                texts[member.target.id] = inspect.cleandoc(text)
    return texts
