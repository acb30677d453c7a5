"""The results of a gene that contradict the one that is reported: of the file's genotypes, of other tools, and of other tests."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from trdpgx.calling.outside_calls.phenotypes import phenotype_code, stated_by
from trdpgx.calling.star_alleles.diplotypes import number, phenotype_words
from trdpgx.calling.star_alleles.names import haplotypes
from trdpgx.knowledge.rules.outside_genes import single_allele_test
from trdpgx.model.gene import GeneDefinition, Phenotype, Scheme
from trdpgx.model.gene_report import DiplotypeReport, GeneReport, OtherResult, PhenotypeReport
from trdpgx.model.outside import OutsideCall
from trdpgx.texts import either, phrase

_MOST_NAMES = 6


def named(diplotypes: Sequence[DiplotypeReport]) -> str:
    """Return the names of diplotypes, or the first of them and how many more there are."""
    more = len(diplotypes) - _MOST_NAMES
    return either(diplotype.name for diplotype in diplotypes[:_MOST_NAMES]) + (phrase("precedence.or_more", count=more) if more > 0 else "")


def result_words(call: OutsideCall) -> str:
    """Return the result of a call in its tool's own words."""
    score = "" if call.activity_score is None else phrase("precedence.activity_score", score=number(call.activity_score))
    return call.diplotype or call.phenotype or score


def of_file(own: GeneReport) -> OtherResult:
    """Return the file's own call of a gene that other tools call otherwise."""
    phenotypes = {scheme: one.code for scheme, one in own.phenotypes.items()}
    return OtherResult("file", "", _with_phenotype(named(own.diplotypes), phenotypes), own)


def of_calls(definition: GeneDefinition, reported: GeneReport, calls: Iterable[OutsideCall]) -> Iterator[OtherResult]:
    """Yield the phenotypes that tools state and that are not the reported one, and the results that cannot be interpreted; each once."""
    code = reported.phenotype.code if reported.phenotype else None
    for call in calls:
        pair = haplotypes(call.diplotype, definition.hybrids) if call.diplotype else None
        if pair is None and not (by_tool := stated_by(definition, call)):
            yield OtherResult("unread", call.tool, result_words(call))
            continue
        by_words, by_score = _only(call, score=False), _only(call, score=True)
        for by_tool in (stated_by(definition, one) for one in (by_words, by_score) if one):
            cpic = by_tool.get(Scheme.CPIC)
            if cpic is not None and cpic.code is not code and (pair is None or code is not None):
                yield OtherResult("stated", call.tool, cpic.term, _with(reported, (), by_tool))
        if pair is not None and call.phenotype and phenotype_code(call.phenotype) and not stated_by(definition, by_words or call):
            yield OtherResult("unread", call.tool, call.phenotype)


def of_diplotypes(reported: GeneReport) -> Iterator[OtherResult]:
    """Yield the diplotypes that are reported beside the first one, where tools call several; tests of single alleles are none."""
    if any(single_allele_test(one.name) for one in reported.diplotypes):
        return
    for one in reported.diplotypes[1:]:
        known = Phenotype.INDETERMINATE not in one.phenotypes.values()
        report = _with(reported, (one,), {}) if known else None
        yield OtherResult("listed", "", _with_phenotype(one.name, one.phenotypes), report, instead_of=reported.diplotypes[0].name)


def of_tests(reported: GeneReport, diplotypes: tuple[DiplotypeReport, ...]) -> OtherResult:
    """Return what tests of alleles make, or a typing, if the alleles on which results contradict each other are not carried."""
    return OtherResult("not_carried", "", ", ".join(one.name for one in diplotypes), _with(reported, diplotypes, {}))


def _only(call: OutsideCall, *, score: bool) -> OutsideCall | None:
    """Return a call with its activity score alone, or with its words alone; ``None`` where it has none."""
    if (call.activity_score if score else call.phenotype) is None:
        return None
    return call.copy_with(diplotype=None, **({"phenotype": None} if score else {"activity_score": None}))


def _with(reported: GeneReport, diplotypes: tuple[DiplotypeReport, ...], phenotypes: Mapping[Scheme, PhenotypeReport]) -> GeneReport:
    """Return a gene with other results, and nothing of what follows from those that are reported."""
    return GeneReport(
        gene=reported.gene,
        status="called",
        diplotypes=diplotypes,
        phenotype=phenotypes.get(Scheme.CPIC),
        phenotypes=dict(phenotypes),
        copy_number=reported.copy_number,
        source=reported.source,
        sites=reported.sites,
    )


def _with_phenotype(name: str, phenotypes: Mapping[Scheme, Phenotype]) -> str:
    return phrase("precedence.with_phenotype", name=name, phenotype=phenotype_words(phenotypes)) if phenotypes else name
