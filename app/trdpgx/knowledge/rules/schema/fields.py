"""The types of values that a curator writes, and the base classes of the models that hold them.

The models hold data only; no text in them is ever evaluated. ``expand`` makes the rules of them that reasoning uses.
"""

import re
from datetime import date
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from trdpgx.model.base import Model
from trdpgx.model.evidence import Ancestry
from trdpgx.model.gene import Phenotype


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str | int) and not isinstance(value, bool) else value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_OUTCOME, _LONGEST_OUTCOME = r"^[A-Za-z0-9]([A-Za-z0-9 '/-]*[A-Za-z0-9])?$", 60
_NO_OUTCOME = frozenset({"a", "an", "effect", "found", "no", "none", "on", "supports", "the"})


def _reads_on(value: str) -> str:
    words = value.split()
    if len(value) > _LONGEST_OUTCOME or not re.match(_OUTCOME, value) or words[0].lower() in _NO_OUTCOME:
        raise ValueError(
            f"write what was measured as it reads on after 'no effect on', such as response, remission or levels: "
            f"at most {_LONGEST_OUTCOME} letters, digits, spaces, hyphens or apostrophes"
        )
    return " ".join(words)


Outcome = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1),
    AfterValidator(_reads_on),
    Field(json_schema_extra={"pattern": _OUTCOME, "maxLength": _LONGEST_OUTCOME}),
]
"""What a study measured, as it reads on after "no effect on"."""
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
"""Lower case letters and digits, in words joined by hyphens."""
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")]
"""A code of the vocabulary, in lower_snake_case."""
Identifier = Annotated[str, StringConstraints(pattern=r"^\S+$")]
"""An identifier of another organisation, without spaces."""
Symbol = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$")]
"""A gene symbol, or the band of a locus without one."""
Copy = Annotated[int, Field(ge=0, le=2)]
Codes = Annotated[
    tuple[Code, ...],
    BeforeValidator(_as_list, json_schema_input_type=Code | Annotated[tuple[Code, ...], Field(min_length=1)]),
    Field(min_length=1),
]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_as_list, json_schema_input_type=Text | tuple[Text, ...])]
Keys = Annotated[tuple[Key, ...], BeforeValidator(_as_list, json_schema_input_type=Key | tuple[Key, ...])]
Symbols = Annotated[tuple[Symbol, ...], BeforeValidator(_as_list, json_schema_input_type=Symbol | tuple[Symbol, ...])]
Phenotypes = Annotated[
    tuple[Phenotype, ...],
    BeforeValidator(_as_list, json_schema_input_type=Phenotype | Annotated[tuple[Phenotype, ...], Field(min_length=1)]),
    Field(min_length=1),
]
Score = Annotated[float, Field(ge=0, le=99, allow_inf_nan=False)]
"""An activity score."""
Copies = Annotated[
    tuple[Copy, ...],
    BeforeValidator(_as_list, json_schema_input_type=Copy | Annotated[tuple[Copy, ...], Field(min_length=1)]),
    Field(min_length=1),
]
Ancestries = Annotated[tuple[Ancestry, ...], BeforeValidator(_as_list, json_schema_input_type=Ancestry | tuple[Ancestry, ...])]
Genotypes = dict[str, Text]


class CuratedModel(Model):
    """Base of the models of curated files. Numbers are accepted where text is expected (``pmid: 37032427``)."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    def check_one_of(self, *fields: str) -> None:
        """Raise ``ValueError`` unless exactly one of the fields has a value; an empty list is none."""
        if sum(getattr(self, name) not in (None, ()) for name in fields) != 1:
            raise ValueError(f"write exactly one of: {', '.join(fields)}")


class Checked(CuratedModel):
    """An entry that states how it is known: where it was read (``verified``), or why it could not be (``unverified``)."""

    verified: Text | None = None
    """Where the value was read."""
    unverified: Text | None = None
    """Why the value could not be read in the source."""

    @model_validator(mode="after")
    def _not_both(self) -> Self:
        if self.verified is not None and self.unverified is not None:
            raise ValueError("write 'verified' or 'unverified', not both")
        return self


def _is_a_day(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"'{value}' is no day; write YYYY-MM-DD") from None
    return value


Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_is_a_day)]
"""A day of the calendar, as YYYY-MM-DD in quotes."""


class ReviewerEntry(CuratedModel):
    """Who checked a rule against its source, and when (docs/review.md)."""

    by: Text
    day: Day
    """Day of the review, as YYYY-MM-DD in quotes."""


class Reviewable(Checked):
    """An entry that a second person can review."""

    reviewed: ReviewerEntry | None = None
    """Who checked it against its source, and when."""
