"""Calls that another tool made (copy number, hybrids, HLA), brought along with the VCF."""

import re
from typing import Self

from pydantic import Field, field_validator, model_validator

from trdpgx.model.base import Model

UNNAMED_TOOL = "unnamed tool"
"""What stands for the name of a tool where its output has none."""
_PLAIN = r"^[^\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+$"
"""Text without control, direction and zero-width characters, which change what a terminal or a reader shows."""
_COPIES = re.compile(r"(?:x(?:≥|>=)?|≥|>=)(\d{1,300})$", re.IGNORECASE)
_LEFT_OUT = re.compile(r"[\s()\[\]]")
"""What the one spelling of a haplotype leaves out: copies are counted as they are read after that."""
_MOST_COPIES = 99


class OutsideCall(Model):
    """The call of one tool for one gene of one sample.

    Either `no_call` is true, or at least one of diplotype, phenotype and activity score is given.
    """

    gene: str = Field(pattern=r"^[A-Z][A-Z0-9-]{1,19}$", examples=["CYP2D6"])
    """HGNC symbol."""
    sample: str | None = Field(default=None, max_length=1024)
    """Sample name, where the tool's output has one; `null` is allowed for an input with one sample."""
    diplotype: str | None = Field(default=None, min_length=1, max_length=300, pattern=_PLAIN, examples=["*1/*2x2"])
    """Two haplotypes with `/`, such as `*1/*2x2` or `*68+*4/*5`."""
    phenotype: str | None = Field(default=None, min_length=1, max_length=200, pattern=_PLAIN)
    """In CPIC's words, in any spelling of them; `*15:02 positive` for an HLA gene."""
    activity_score: float | None = Field(default=None, ge=0, le=99, allow_inf_nan=False)
    """As the tool gives it; read only where no diplotype is given."""
    copy_number: int | None = Field(default=None, ge=0, le=99)
    """Number of gene copies, hybrids included, where the tool gives one."""
    no_call: bool = False
    """The tool could not decide. A diplotype given with it is the half that the tool called (`*4/None`), and is not interpreted."""
    quality_flag: str | None = Field(default=None, min_length=1, max_length=200, pattern=_PLAIN, examples=["LowQ_high_CN"])
    """The tool's own flag on a call of doubtful quality, in its own word; `null` where the tool passes the call."""
    tool: str = Field(min_length=1, max_length=100, pattern=_PLAIN)
    """Name of the tool, and its version where its output has it."""

    @field_validator("diplotype")
    @classmethod
    def _copies(cls, value: str | None) -> str | None:
        if value is not None and sum(map(_copies, re.split(r"[+/|]", value))) > _MOST_COPIES:
            raise ValueError(f"more than {_MOST_COPIES} gene copies")
        return value

    @model_validator(mode="after")
    def _has_result(self) -> Self:
        if not self.no_call and self.diplotype is None and self.phenotype is None and self.activity_score is None:
            raise ValueError("a call needs a diplotype, a phenotype, an activity score or no_call")
        return self


def _copies(member: str) -> int:
    """Return how many copies of the gene a member of a haplotype is: one without a number, two where that is open (``xN``)."""
    compact = _LEFT_OUT.sub("", member)
    match = _COPIES.search(compact)
    return int(match[1]) if match else 2 if compact.endswith(("xN", "XN")) else 1
