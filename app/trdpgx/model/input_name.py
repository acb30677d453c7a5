"""The name that a caller gives an input, and which names can stand in every format."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from trdpgx.model.printable import is_printable

LONGEST_INPUT_NAME = 255
"""Characters of a name, which is as long as the name of a file may be."""
INPUT_NAME_RULE = f"A name has 1 to {LONGEST_INPUT_NAME} characters, none of which is a control character or a mark of direction."


def is_input_name(name: str) -> bool:
    """Return whether a name can stand in a report: what acts on a terminal would also keep the report from being read again."""
    return 0 < len(name) <= LONGEST_INPUT_NAME and is_printable(name)


def checked_input_name(name: str | None) -> str | None:
    """Return a name, and none for an empty one. Raises ``ValueError``, which does not repeat it."""
    if not name:
        return None
    if not is_input_name(name):
        raise ValueError(INPUT_NAME_RULE)
    return name


def _stripped(name: object) -> object:
    return name.strip() if isinstance(name, str) else name


InputName = Annotated[
    Annotated[str, StringConstraints(max_length=LONGEST_INPUT_NAME)] | None, AfterValidator(checked_input_name), BeforeValidator(_stripped)
]
"""A field with such a name, or none."""
