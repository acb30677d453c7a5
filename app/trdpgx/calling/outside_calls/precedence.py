"""Calls of other tools, preferred to the file's own: their results, what those mean, and where the two disagree."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from trdpgx.calling.caveats import Caveats, RaisedCaveat, caveat, notes
from trdpgx.calling.outside_calls.copies import copy_number, fits, other_copies
from trdpgx.calling.outside_calls.hla import is_hla, read_typing
from trdpgx.calling.outside_calls.others import named, of_calls, of_diplotypes, of_file, of_tests, result_words
from trdpgx.calling.outside_calls.phenotypes import foreign_phenotype, phenotype_code, stated, stated_by
from trdpgx.calling.star_alleles.diplotypes import NOTHING_CALLED, Meaning, meaning, named_diplotype, number
from trdpgx.calling.star_alleles.names import haplotypes, member_alleles, natural_key
from trdpgx.knowledge.reference.phenotype import members
from trdpgx.knowledge.rules.outside_genes import single_allele_test
from trdpgx.model.activity import score_range
from trdpgx.model.gene import GeneDefinition, Scheme
from trdpgx.model.gene_report import CopyNumber, DiplotypeReport, GeneReport, OtherResult, PhenotypeReport, SiteCounts
from trdpgx.model.outside import OutsideCall
from trdpgx.texts import both, phrase

_NO_SITES = SiteCounts(total=0, called=0, covered_reference=0, no_call=0, absent=0, assumed_reference=0)


def prefer_outside_calls(
    definition: GeneDefinition | None, own: GeneReport | None, calls: Sequence[OutsideCall], caveats: Caveats
) -> GeneReport:
    """Return the report of a gene for which other tools made calls.

    ``own`` is what the file itself gives; genes that are only ever called outside (HLA) have neither it nor a definition. Where
    the tools made no call, or none that can be read, the file's own call stays, with a caveat.
    """
    calls = tuple(dict.fromkeys(calls))
    base = own or _blank(calls[0].gene)
    with_result = [call for call in calls if not call.no_call]
    called, is_one, raised, denied = _read(definition, with_result)
    raised = (
        *raised,
        *_distinct(caveat("outside_quality_flag", tool=call.tool, flag=call.quality_flag) for call in calls if call.quality_flag),
        *_distinct(_unreadable(call) if call.diplotype else caveat("outside_no_call", tool=call.tool) for call in calls if call.no_call),
    )
    if not called.diplotypes and not called.phenotypes:
        left = base.copy_with(caveats=(*notes(raised, caveats), *base.caveats))
        return left.with_others(_others(definition, left, with_result))
    tools = ", ".join(dict.fromkeys(call.tool for call in with_result))
    # Of the file's own report what was seen is kept, and nothing of what was called. It is built field by field, so that a new field of
    # ``GeneReport`` starts at its default and never keeps what belongs to the file's call.
    conflict = _conflict(definition, own, called, tools)
    reported = GeneReport(
        gene=base.gene,
        status="called" if is_one else "ambiguous",
        diplotypes=called.diplotypes,
        candidates=None if base.candidates is None else tuple(diplotype.name for diplotype in called.diplotypes),
        phenotype=called.phenotype,
        phenotypes=dict(called.phenotypes),
        phenotype_range=called.phenotype_range,
        activity_score_range=called.activity_score_range,
        copy_number=copy_number(definition, called, with_result, tools),
        source=f"outside:{tools}",
        sites=base.sites,
        unseen_sites=base.unseen_sites,
        unseen_note=_unseen_note(own, called, tools),
        unknown_alleles=base.unknown_alleles,
        caveats=notes((*conflict, *(raised or _agreement(own, called, tools))), caveats),
    )
    of_own = [of_file(own)] if own is not None and any(one.key == "outside_call_conflict" for one in conflict) else []
    denying = [of_tests(reported, denied)] if denied else []
    return reported.with_others((*of_own, *_others(definition, reported, with_result), *denying))


def _others(definition: GeneDefinition | None, reported: GeneReport, calls: Sequence[OutsideCall]) -> tuple[OtherResult, ...]:
    """Return the results of calls that are not the one that is reported; each once, with the tools that have it."""
    found: dict[tuple[str, str], list[OtherResult]] = {}
    for one in () if definition is None else of_calls(definition, reported, calls):
        found.setdefault((one.origin, one.words), []).append(one)
    others = [ones[0]._replace(tool=both(dict.fromkeys(one.tool for one in ones))) for ones in found.values()]
    return (*others, *(of_diplotypes(reported) if reported.source != "vcf" else ()))


def _distinct(raised: Iterable[RaisedCaveat]) -> tuple[RaisedCaveat, ...]:
    return tuple(dict.fromkeys(raised))


def _blank(gene: str) -> GeneReport:
    return GeneReport(
        gene=gene,
        status="no_call",
        no_call_reason=phrase("precedence.by_tools_only"),
        diplotypes=(),
        phenotype=None,
        copy_number=CopyNumber(status="not_applicable", evidence=phrase("precedence.no_copies")),
        source="vcf",
        sites=_NO_SITES,
    )


class _Read(NamedTuple):
    """What calls mean, whether they agree on one result, and what a reader has to know.

    ``denied`` are results of tests if the alleles on which they contradict each other are not carried.
    """

    called: Meaning = NOTHING_CALLED
    is_one: bool = True
    raised: tuple[RaisedCaveat, ...] = ()
    denied: tuple[DiplotypeReport, ...] = ()


def _read(definition: GeneDefinition | None, calls: Sequence[OutsideCall]) -> _Read:
    if not calls:
        return _Read()
    if definition is not None:
        called, caveats = _of_named_alleles(definition, calls)
        return _Read(called, len(called.diplotypes) < 2, caveats)
    if is_hla(calls[0].gene):
        # Tests of single alleles exclude none of each other, so that several are one result.
        typing = read_typing(calls[0].gene, calls)
        diplotypes = typing.diplotypes()
        is_one = len(diplotypes) < 2 or all(single_allele_test(diplotype.name) for diplotype in diplotypes)
        return _Read(Meaning(diplotypes), is_one, tuple(typing.caveats), typing.denied())
    return _uninterpreted(calls)


def _uninterpreted(calls: Sequence[OutsideCall]) -> _Read:
    """Return the calls of a gene that this release has no alleles of, in their tool's own words."""
    diplotypes: dict[str, DiplotypeReport] = {}
    for call in calls:
        if call.diplotype:
            alleles = tuple(sorted((side.strip() for side in call.diplotype.split("/")), key=natural_key))
            name = "/".join(alleles)
            diplotypes[name] = DiplotypeReport(name=name, alleles=alleles, functions=(), phenotype=None, phased=True)
    caveats = [caveat("outside_calls_differ", calls="; ".join(diplotypes))] if len(diplotypes) > 1 else []
    caveats += [_unreadable(call) for call in calls if not call.diplotype]
    return _Read(Meaning(tuple(diplotypes.values())), len(diplotypes) < 2, _distinct(caveats))


def _of_named_alleles(definition: GeneDefinition, calls: Sequence[OutsideCall]) -> tuple[Meaning, tuple[RaisedCaveat, ...]]:
    """Return what calls of a gene of ours mean: diplotypes by our own tables, and only without any what the tools state."""
    read: dict[str, DiplotypeReport] = {}
    caveats: list[RaisedCaveat] = []
    others: list[OutsideCall] = []
    for call in calls:
        pair = haplotypes(call.diplotype, definition.hybrids) if call.diplotype else None
        if pair is None:
            others.append(call)
            continue
        report = named_diplotype(definition, *pair, phased=True)
        unknown = _unknown_alleles(definition, report)
        if unknown:
            caveats.append(caveat("outside_allele_unknown", alleles=", ".join(unknown)))
            caveats.extend(_score_at_least(definition, report, unknown))
            by_tool = stated_by(definition, call)
            if call.phenotype and not by_tool:
                caveats.append(_unreadable_words(definition, call))
            report = _as_stated(report, by_tool)
        else:
            caveats.extend(_differences(definition, call, report))
        caveats.extend(other_copies(definition, call, report))
        read.setdefault(report.name, report)
    unread = [call for call in others if call.diplotype]
    caveats.extend(map(_unreadable, unread))
    stating = [call for call in others if stated_by(definition, call)]
    caveats.extend(_unreadable_words(definition, call) for call in others if call.phenotype and call not in stating)
    if read:
        if len(read) > 1:
            caveats.insert(0, caveat("outside_calls_differ", calls="; ".join(read)))
        called = meaning(definition, tuple(read.values()))
        if any(diplotype.activity_score_is_lower_bound for diplotype in called.diplotypes):
            caveats.append(caveat("lower_bound"))
        for call in others:
            caveats.extend(_unlike(call, called.phenotype))
        return called, _distinct(caveats)
    by_tools = stated(definition, stating) if stating else {}
    caveats.extend(_unreadable(call) for call in others if call not in stating and not call.diplotype and not call.phenotype)
    if stating and not by_tools:
        texts = dict.fromkeys(f"{call.tool} {result_words(call)}" for call in stating)
        caveats.append(caveat("outside_phenotypes_differ", stated="; ".join(texts)))
    scores = score_range(call.activity_score for call in stating) if by_tools else None
    cpic = by_tools.get(Scheme.CPIC)
    return Meaning((), by_tools, (cpic.code,) if cpic else (), scores), _distinct(caveats)


def _unreadable(call: OutsideCall) -> RaisedCaveat:
    return caveat("outside_result_unreadable", tool=call.tool, result=result_words(call))


def _unreadable_words(definition: GeneDefinition, call: OutsideCall) -> RaisedCaveat:
    """Return that the phenotype of a call was not read, and where CPIC has it for other genes alone that it does."""
    foreign = foreign_phenotype(definition, call)
    words = call.phenotype or ""
    result = words if foreign is None else phrase("precedence.no_such_phenotype", phenotype=words, gene=definition.gene)
    return caveat("outside_result_unreadable", tool=call.tool, result=result)


def _as_stated(report: DiplotypeReport, by_tool: dict[Scheme, PhenotypeReport]) -> DiplotypeReport:
    """Return a diplotype of unknown alleles with the phenotype that its tool states, if it states one."""
    if not by_tool:
        return report
    codes = {scheme: phenotype.code for scheme, phenotype in by_tool.items()}
    return DiplotypeReport(
        name=report.name,
        alleles=report.alleles,
        functions=report.functions,
        phenotype=codes.get(Scheme.CPIC),
        phenotypes=codes,
        phased=report.phased,
    )


def _unknown_alleles(definition: GeneDefinition, diplotype: DiplotypeReport) -> list[str]:
    """Return the alleles of a diplotype that the definition does not have, the members of tandems each."""
    return list(dict.fromkeys(member.name for name in diplotype.alleles for member in members(definition, name) if not member.is_defined))


def _score_at_least(definition: GeneDefinition, diplotype: DiplotypeReport, unknown: Sequence[str]) -> Iterator[RaisedCaveat]:
    """Yield what the copies of known function alone make of the activity score: a lower bound."""
    if not any(table.bands for table in definition.phenotypes.values()):
        return
    values = [member.activity for name in diplotype.alleles for member in members(definition, name) if member.activity is not None]
    if values:
        yield caveat("outside_score_at_least", alleles=", ".join(unknown), score=number(sum(values)))


def _differences(definition: GeneDefinition, call: OutsideCall, report: DiplotypeReport) -> Iterator[RaisedCaveat]:
    """Yield where a tool's own phenotype or score is another than that of its diplotype by our tables."""
    by_words = phenotype_code(call.phenotype) if call.phenotype else None
    by_score = stated_by(definition, call).get(Scheme.CPIC) if call.activity_score is not None else None
    for by_tool in dict.fromkeys((by_words, by_score.code if by_score else None)):
        if by_tool is not None and report.phenotype is not None and by_tool is not report.phenotype:
            yield caveat("outside_phenotype_differs", tool=call.tool, stated=by_tool.term, computed=report.phenotype.term)
    score = report.activity_score
    if call.activity_score is not None and score is not None and call.activity_score != score:
        yield caveat("outside_score_differs", tool=call.tool, stated=number(call.activity_score), computed=number(score))


def _unlike(call: OutsideCall, computed: PhenotypeReport | None) -> Iterator[RaisedCaveat]:
    by_tools = phenotype_code(call.phenotype) if call.phenotype else None
    if by_tools is not None and computed is not None and by_tools is not computed.code:
        yield caveat("outside_phenotype_differs", tool=call.tool, stated=by_tools.term, computed=computed.term)


def _conflict(definition: GeneDefinition | None, own: GeneReport | None, called: Meaning, tools: str) -> tuple[RaisedCaveat, ...]:
    """Name both calls where they disagree, and apart from that where the tool only adds copies, deletions or hybrids."""
    if definition is None or own is None or not own.diplotypes:
        return ()
    if not called.diplotypes:
        if called.phenotype is None or own.phenotype is None or called.phenotype.code is own.phenotype.code:
            return ()
        values = {"tool": tools, "outside": called.phenotype.term, "own": f"{named(own.diplotypes)} ({own.phenotype.term})"}
        return (caveat("outside_call_conflict", **values),)
    if {diplotype.name for diplotype in own.diplotypes} & {diplotype.name for diplotype in called.diplotypes}:
        return ()
    values = {"tool": tools, "outside": named(called.diplotypes), "own": named(own.diplotypes)}
    ours = [frozenset(_visible(definition, diplotype)) for diplotype in own.diplotypes]
    for diplotype in called.diplotypes:
        if own.copy_number.value is not None and not fits(definition, diplotype, own.copy_number.value):
            continue
        shown = frozenset(_visible(definition, diplotype))
        if shown in ours or shown - definition.hidden_hybrids in ours:
            return (caveat("outside_call_adds_structure", **values),)
    return (caveat("outside_call_conflict", **values),)


def _unseen_note(own: GeneReport | None, called: Meaning, tools: str) -> str | None:
    """Return what sites that the file does not show leave of a call: what they leave of the file's own, where it is the same."""
    if own is None or not own.diplotypes or not own.unseen_sites:
        return None
    if _names_of(own.diplotypes) == _names_of(called.diplotypes):
        return own.unseen_note and phrase("precedence.unseen_agrees", note=own.unseen_note)
    return phrase("precedence.unseen_of_another", count=len(own.unseen_sites), total=own.sites.total, tool=tools)


def _names_of(diplotypes: Sequence[DiplotypeReport]) -> frozenset[str]:
    return frozenset(diplotype.name for diplotype in diplotypes)


def _agreement(own: GeneReport | None, called: Meaning, tools: str) -> tuple[RaisedCaveat, ...]:
    """State that the genotypes of the file lead to the same diplotypes; nothing where they do not, or where nothing was called."""
    if own is None or not own.diplotypes or _names_of(own.diplotypes) != _names_of(called.diplotypes):
        return ()
    if own.copy_number.value is None:
        return (caveat("outside_call_agrees_but_for_copies", tool=tools, own=named(own.diplotypes)),)
    return (caveat("outside_call_agrees", tool=tools, own=named(own.diplotypes)),)


def _visible(definition: GeneDefinition, diplotype: DiplotypeReport) -> Iterator[str]:
    """Yield the alleles of a diplotype that small variants would show: no deletion, no hybrid, each allele once."""
    callable_alleles = {allele.name: allele.callable for allele in definition.alleles}
    for name in diplotype.alleles:
        for member in member_alleles(name) or (name,):
            if callable_alleles.get(member, member not in definition.hybrids):
                yield member
