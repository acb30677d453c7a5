"""A clinical context read from JSON: a fault is named by its JSON path, and the sender's text is never repeated."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, from_json

from trdpgx.clinical.problems import BAD_CONTEXT, CONTEXT_TOO_LARGE, ContextError
from trdpgx.model.clinical_context import ClinicalContext
from trdpgx.model.naming import json_path, ordinal, unknown_field

_DEEPEST = 20
"""Levels of objects and lists; a context has four."""


_TYPES = {
    "missing": "is missing",
    "model_": "is not an object",
    "tuple_type": "is not a list",
    "string_type": "is not text",
    "string_too_short": "is empty",
    "bool_": "is neither `true` nor `false`",
    "float_": "is not a number",
    "int_": "is not a whole number",
    "finite_number": "is not a finite number",
    "date_": "is not a day in ISO 8601, such as `2026-03-01`",
}
"""Faults in words, by the beginning of pydantic's type of the error."""
_RANGES = {
    "greater_than_equal": "is less than {ge:g}",
    "less_than_equal": "is more than {le:g}",
    "too_long": "has more than {max_length} entries",
    "string_too_long": "has more than {max_length} characters",
}


class _Repeating(dict[str, Any]):
    """A decoded object in which a field is written twice; ``position`` is the 1-based position of the repetition."""

    position = 0


def read_context(data: bytes, max_bytes: int) -> ClinicalContext:
    """Return the context that a JSON document states; empty input is an empty context.

    Raises ``ContextError``, an ``InputError`` with the path of the fault.
    """
    if len(data) > max_bytes:
        raise ContextError(CONTEXT_TOO_LARGE, f"The cap is {max_bytes} bytes.")
    if not data:
        return ClinicalContext()
    try:
        from_json(data.removeprefix(b"\xef\xbb\xbf"), allow_inf_nan=False, cache_strings="none")
        document = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_object)
    except (ValueError, RecursionError):
        raise ContextError(BAD_CONTEXT, "The context is not valid JSON in UTF-8 (NaN and Infinity are not JSON).") from None
    _check_shape(document, (), 0)
    return context_of(document)


def context_of(document: object) -> ClinicalContext:
    """Return the context that decoded JSON states. Raises ``ContextError``."""
    if not isinstance(document, Mapping):
        raise ContextError(BAD_CONTEXT, "The context is not a JSON object.")
    try:
        return ClinicalContext.model_validate(document)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        # a misspelt name explains a missing field
        raise _fault(sorted(details, key=lambda detail: detail["type"] != "extra_forbidden"), document) from None


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) == len(pairs):
        return fields
    repeating = _Repeating(fields)
    counts: Counter[str] = Counter()
    for position, (name, _) in enumerate(pairs, 1):
        counts[name] += 1
        if counts[name] == 2:
            repeating.position = position
            break
    return repeating


def _check_shape(value: object, path: tuple[str | int, ...], depth: int) -> None:
    """Raise ``ContextError`` for a field that is written twice, as the last would count, and for one that is nested too deep."""
    if depth > _DEEPEST:
        raise ContextError(BAD_CONTEXT, f"The context is nested more than {_DEEPEST} levels deep.")
    if isinstance(value, _Repeating):
        owner = _path(path)
        of = f" of `{owner}`" if owner else ""
        raise ContextError(BAD_CONTEXT, f"The {ordinal(value.position)} field{of} repeats an earlier one.", path)
    if isinstance(value, dict):
        for name, child in value.items():
            _check_shape(child, (*path, name), depth + 1)
    elif isinstance(value, list):
        for position, child in enumerate(value):
            _check_shape(child, (*path, position), depth + 1)


def _fault(details: Sequence[ErrorDetails], document: Mapping[str, object]) -> ContextError:
    """Return the first fault, with all messages at its path: a value that may be a word or a boolean has two."""
    first = _own_path(details[0], document)
    if details[0]["type"] == "extra_forbidden":
        location = (*first, details[0]["loc"][-1])
        more = _more(details[1:])
        return ContextError(BAD_CONTEXT, f"{unknown_field(location, document, _fields(first))}{more}", first)
    here = [detail for detail in details if _own_path(detail, document) == first]
    messages = dict.fromkeys(_message(detail) for detail in here)
    return ContextError(BAD_CONTEXT, f"`{json_path(first)}` {' and '.join(messages)}.{_more(details[len(here) :])}", first)


def _more(others: Sequence[ErrorDetails]) -> str:
    return f" There are {len(others)} more faults." if len(others) > 1 else " There is one more fault." if others else ""


def _message(detail: ErrorDetails) -> str:
    """Return the error in our words."""
    kind, limits = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        return detail["msg"].removeprefix("Value error, ")
    if kind in {"literal_error", "enum"}:
        return f"is none of {limits['expected']}"
    if kind in _RANGES:
        return _RANGES[kind].format(**limits)
    return next((words for start, words in _TYPES.items() if kind.startswith(start)), "is not usable")


def _own_path(detail: ErrorDetails, document: object) -> tuple[str | int, ...]:
    """Return the steps of an error's location that are our fields: pydantic names its validators and branches of unions as well.

    The field of ``extra_forbidden`` is the sender's text and left out.
    """
    steps: list[str | int] = []
    value = document
    location = detail["loc"][:-1] if detail["type"] == "extra_forbidden" else detail["loc"]
    for step in location:
        if isinstance(step, int):
            if isinstance(value, list | tuple) and step < len(value):
                steps.append(step)
                value = value[step]
        elif step in _fields(tuple(steps)) and not isinstance(value, list | tuple):
            steps.append(step)
            value = value.get(step) if isinstance(value, Mapping) else getattr(value, step, None)
    return tuple(steps)


def _fields(path: Sequence[str | int]) -> tuple[str, ...]:
    """Return the names that a field of the object at this path may have."""
    model: type[BaseModel] = ClinicalContext
    for step in path:
        if isinstance(step, int):
            continue
        inner = _model_in(model.model_fields[step].annotation)
        if inner is None:
            return ()
        model = inner
    return tuple(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in getattr(annotation, "__args__", ()) if (found := _model_in(part)) is not None), None)


def _path(path: Sequence[str | int]) -> str:
    """Return a path up to the first name that is not ours."""
    own: list[str | int] = []
    for step in path:
        if isinstance(step, str) and step not in _fields(own):
            break
        own.append(step)
    return json_path(own)
