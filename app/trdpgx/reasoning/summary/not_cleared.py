"""What stands in the way of "no source considers a change" of a drug: tests that were not made, results not seen or not settled."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct

from trdpgx.model.gene import Phenotype
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.library import RuleLibrary
from trdpgx.reasoning.asked_genes import UnseenGenes
from trdpgx.reasoning.nothing_follows import UntreatedSubjects
from trdpgx.reasoning.summary.settle import ruled_out_by_diagnosis
from trdpgx.reasoning.untested import untested_alleles
from trdpgx.texts import listed, listed_either, phrase

_NO_GENES: Mapping[str, tuple[str, ...]] = MappingProxyType({})
_UNKNOWN = frozenset({Phenotype.INDETERMINATE, Phenotype.NO_RESULT})


class NotCleared(Struct, frozen=True):
    """Why drugs are not cleared, by drug.

    ``unseen`` has the genes that advice rests on and of which nothing was seen, ``untested`` the alleles (HLA) that rules ask for and that
    were not tested, ``by_diagnosis`` the genes of disorders in which a label rules the drug out, and ``unsettled`` the genes that advice
    rests on and whose result is open, assumed, disputed or not known. ``ruled`` are the drugs that rules are about.
    """

    unseen: Mapping[str, tuple[str, ...]] = _NO_GENES
    untested: Mapping[str, tuple[str, ...]] = _NO_GENES
    by_diagnosis: Mapping[str, tuple[str, ...]] = _NO_GENES
    unsettled: Mapping[str, tuple[str, ...]] = _NO_GENES
    ruled: Collection[str] | None = None

    def of_missing(self, drug: str) -> bool:
        """Return whether a result or a test is missing on which what sources state of a drug rests."""
        return drug in self.unseen or drug in self.untested or drug in self.by_diagnosis

    def has_rule(self, drug: str) -> bool:
        """Return whether a rule is about a drug."""
        return self.ruled is None or drug in self.ruled

    def sentences(self, drugs: Sequence[str]) -> Iterator[str]:
        """Yield for drugs that are taken that they are not cleared, and why; drugs of one reason share a sentence."""
        yield from self.tests(drugs)
        for genes, names in _by_reason(drugs, self.unseen):
            yield phrase("current.advice_unseen", drugs=listed(names), genes=listed(genes))
        yield from self.diagnoses(drugs)

    def tests(self, drugs: Sequence[str]) -> Iterator[str]:
        """Yield that rules on drugs ask for alleles that were not tested."""
        for alleles, names in _by_reason(drugs, self.untested):
            yield phrase("current.not_tested", count=len(names), drugs=listed(names), alleles=listed(alleles))

    def diagnoses(self, drugs: Sequence[str]) -> Iterator[str]:
        """Yield that a label rules drugs out by a diagnosis, which was not looked for."""
        for genes, names in _by_reason(drugs, self.by_diagnosis):
            yield phrase("current.by_diagnosis", count=len(names), drugs=listed(names), genes=listed_either(genes))

    def not_settled(self, drugs: Sequence[str]) -> Iterator[str]:
        """Yield that advice on drugs rests on results that are not settled."""
        for genes, names in _by_reason(drugs, self.unsettled):
            yield phrase("current.not_settled", count=len(genes), drugs=listed(names), genes=listed(genes))


NOTHING_MISSING = NotCleared()


def not_cleared(
    rulebook: RuleLibrary, untreated: UntreatedSubjects, genes: Sequence[GeneReport], unseen: Mapping[str, UnseenGenes]
) -> NotCleared:
    """Return why drugs are not cleared for one person: ``unseen`` has by drug the genes of which nothing was seen."""
    untested = {drug: untested_alleles(asked, genes) for drug, asked in untreated.outside.items()}
    unsure = [gene.gene for gene in genes if gene.status != "no_call" and _is_unsettled(gene)]
    unsettled = {drug: tuple(gene for gene in unsure if gene in advised) for drug, advised in untreated.advised.items()}
    return NotCleared(
        unseen={drug: split.of_advice for drug, split in unseen.items() if split.of_advice},
        untested={drug: tuple(sorted(f"{gene}{allele}" for gene, allele in ones)) for drug, ones in untested.items() if ones},
        by_diagnosis={drug: tuple(entry.genes) for entry in ruled_out_by_diagnosis(rulebook) for drug in entry.drugs},
        unsettled={drug: ones for drug, ones in unsettled.items() if ones},
        ruled=untreated.asked.keys(),
    )


def _is_unsettled(gene: GeneReport) -> bool:
    unknown = gene.phenotype is not None and gene.phenotype.code in _UNKNOWN
    return gene.assumed or gene.is_disputed or gene.phenotype_open or unknown


def _by_reason(drugs: Iterable[str], reasons: Mapping[str, tuple[str, ...]]) -> Iterable[tuple[tuple[str, ...], list[str]]]:
    found: dict[tuple[str, ...], list[str]] = {}
    for drug in drugs:
        if drug in reasons:
            found.setdefault(reasons[drug], []).append(drug)
    return found.items()
