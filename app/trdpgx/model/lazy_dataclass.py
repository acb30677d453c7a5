"""``dataclass`` as the standard library has it, but each method is compiled when it is first called.

The standard library compiles six functions for a frozen class on import. Two hundred classes cost a command a tenth of a second of its
start, and it uses half of them (docs/decisions/0079-start-up.md). Type checkers see the original.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 (what a type checker sees)
else:

    def dataclass(*, frozen: bool = False, slots: bool = False, eq: bool = True, order: bool = False, kw_only: bool = False):
        """Return the decorator; the options mean what they mean in ``dataclasses.dataclass``."""

        def decorate(cls: type) -> type:
            own = set(vars(cls))
            if not cls.__doc__:
                cls.__doc__ = cls.__name__  # the standard library would look up a signature to write one
            made = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(cls)
            names = [
                "__init__",
                "__repr__",
                *(["__eq__"] if eq else []),
                *(["__hash__"] if eq and frozen else []),
                *(_ORDER if order else ()),
            ]
            for name in names:
                if name not in own:
                    setattr(made, name, _compiled_later(made, name, frozen=frozen))
            if frozen:
                made.__setattr__, made.__delattr__ = _refuse_to_set, _refuse_to_delete
                made.__getstate__, made.__setstate__ = _state, _restore
            elif eq and "__hash__" not in own:
                made.__hash__ = None
            return made

        return decorate


_ORDER = {"__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="}


def _compiled_later(cls: type, name: str, *, frozen: bool) -> Callable[..., Any]:
    """Return a method that puts the compiled one into its own position, and calls it."""

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        variables: dict[str, Any] = {"_set": object.__setattr__, "_made": _MADE}
        exec("\n ".join(_source(cls, name, variables, frozen=frozen)), variables)  # noqa: S102 (of names of fields, as the standard library does)
        compiled = variables[name]
        compiled.__qualname__ = f"{cls.__qualname__}.{name}"
        setattr(cls, name, compiled)
        return compiled(self, *args, **kwargs)

    return method


_MADE = object()
"""The default of a field whose value a factory makes."""


def _source(cls: type, name: str, variables: dict[str, Any], *, frozen: bool) -> Iterator[str]:
    """Yield the lines of a method, and add to ``variables`` what they refer to."""
    fields = dataclasses.fields(cls)
    if name == "__init__":
        yield from _init_source(cls, fields, variables, frozen=frozen)
    elif name == "__repr__":
        shown = ", ".join(f"{field.name}={{self.{field.name}!r}}" for field in fields if field.repr)
        yield f"def __repr__(self): return f'{{self.__class__.__qualname__}}({shown})'"
    elif name == "__hash__":
        hashed = [field for field in fields if (field.compare if field.hash is None else field.hash)]
        yield f"def __hash__(self): return hash({_values('self', hashed)})"
    else:
        yield f"def {name}(self, other):"
        yield "if other.__class__ is not self.__class__: return NotImplemented"
        compared = [field for field in fields if field.compare]
        yield f"return {_values('self', compared)} {_ORDER.get(name, '==')} {_values('other', compared)}"


def _values(owner: str, fields: Iterable[dataclasses.Field[Any]]) -> str:
    return "(" + "".join(f"{owner}.{field.name}, " for field in fields) + ")"


def _init_source(cls: type, fields: tuple[dataclasses.Field[Any], ...], variables: dict[str, Any], *, frozen: bool) -> Iterator[str]:
    required = [field for field in fields if field.init and not field.kw_only]
    keywords = [field for field in fields if field.init and field.kw_only]
    parameters = ["self"]
    for field in [*required, *([None] if keywords else []), *keywords]:
        if field is None:
            parameters.append("*")
        elif field.default is not dataclasses.MISSING:
            variables[f"_default_{field.name}"] = field.default
            parameters.append(f"{field.name}=_default_{field.name}")
        else:
            parameters.append(field.name if field.default_factory is dataclasses.MISSING else f"{field.name}=_made")
    yield f"def __init__({', '.join(parameters)}):"
    for field in fields:
        value = field.name
        if field.default_factory is not dataclasses.MISSING:
            variables[f"_factory_{field.name}"] = field.default_factory
            value = f"_factory_{field.name}() if {field.name} is _made else {field.name}" if field.init else f"_factory_{field.name}()"
        elif not field.init:
            continue
        yield f"_set(self, {field.name!r}, {value})" if frozen else f"self.{field.name} = {value}"
    yield "self.__post_init__()" if hasattr(cls, "__post_init__") else "pass"


def _refuse_to_set(self: Any, name: str, value: Any) -> None:  # noqa: ARG001
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: Any, name: str) -> None:  # noqa: ARG001
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)
