"""Calls that another tool made (copy number, hybrids, HLA), brought along with the VCF."""

from app.model.base import Model


class OutsideCall(Model):
    """What one tool says about one gene of one sample. At least one of diplotype and phenotype is given, or `no_call` is true."""

    gene: str
    sample: str | None = None
    """Sample name, where the tool's output has one; `null` holds for a single-sample input."""
    diplotype: str | None = None
    """Two haplotypes with `/`, such as `*1/*2x2` or `*68+*4/*5`."""
    phenotype: str | None = None
    activity_score: float | None = None
    copy_number: int | None = None
    no_call: bool = False
    tool: str
    """Name of the tool, and its version where its output has it."""
