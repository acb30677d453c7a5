"""Intake and calling without reasoning and reports: from a VCF to the gene reports of all of its samples."""

import io
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from trdpgx.calling import call_genes
from trdpgx.calling.looked_at import looked_at
from trdpgx.intake.read import read_input
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.rules.rulebook import load_rulebook
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.intake_result import IntakeResult
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.limits import Limits
from trdpgx.model.options import Options


class Pipeline:
    """Reads and calls with a reference that is loaded once. Use it as a context manager."""

    def __init__(self) -> None:
        self.limits = Limits(max_samples=5_000)
        self.reference: ReferenceLibrary = load_reference()
        self.caveats = load_rulebook(None, self.reference).caveats

    def read(self, vcf: bytes, options: Options) -> IntakeResult:
        """Read the bytes of a VCF or BCF."""
        return read_input(io.BytesIO(vcf), options, self.reference.panels, self.limits)

    def calls(self, vcf: bytes, options: Options) -> Iterator[tuple[GeneReport, ...]]:
        """Yield the gene reports of each sample."""
        result = self.read(vcf, options)
        for sample in result.samples:
            looked = looked_at(sample.searched)
            yield call_genes(self.reference, result.facts.assembly, sample, options, caveats=self.caveats, looked=looked)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        """Nothing is open."""
