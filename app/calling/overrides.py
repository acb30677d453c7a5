"""Calls of other tools, put in the place of the file's own: what they say, what that means, and where the two disagree."""

import re
from collections.abc import Iterator, Mapping, Sequence

from app.calling.caveats import caveat
from app.calling.copies import not_looked_for
from app.calling.diplotypes import Meaning, known_haplotype, meaning, named_diplotype, number
from app.calling.names import haplotypes, member_alleles, natural_key, two_field_allele
from app.knowledge.phenotype import UnknownAlleleError, haplotype, phenotype_of_score
from app.model.gene import GeneDefinition, Phenotype, PhenotypeTable, Scheme
from app.model.outside import OutsideCall
from app.model.report import CopyNumber, DiplotypeReport, GeneReport, Note, PhenotypeReport, SiteCounts

_NO_SITES = SiteCounts(total=0, called=0, covered_reference=0, no_call=0, absent=0, assumed_reference=0)
_WITHOUT_COPIES = "The outside call says nothing about the number of copies."
_POSITIVE = re.compile(r"(?P<allele>\*[0-9:A-Z]+) (?P<result>positive|negative)", re.IGNORECASE)
_SHORT = {"um": "ultrarapid", "rm": "rapid", "nm": "normal", "em": "normal", "extensive": "normal", "im": "intermediate", "pm": "poor"}
_EMPTY_WORDS = frozenset({"metabolizer", "metabolizers", "phenotype"})
_PHENOTYPES = {" ".join(word for word in code.term.lower().split() if word != "metabolizer"): code for code in Phenotype}
_HYBRID_LOOKALIKES = frozenset({"*36"})


def override(definition: GeneDefinition | None, own: GeneReport | None, calls: Sequence[OutsideCall]) -> GeneReport:
    """Return the report of a gene for which other tools made calls.

    ``own`` is what the file itself gives; genes that are only ever called outside (HLA) have neither it nor a definition. Where
    the tools made no call, the file's own call stays, with a caveat.
    """
    gene = calls[0].gene
    base = own or _blank(gene)
    silent = [caveat("outside_no_call", tool=call.tool) for call in calls if call.no_call]
    speaking = [call for call in calls if not call.no_call]
    if not speaking:
        return base.model_copy(update={"caveats": (*silent, *base.caveats)})
    tools = ", ".join(dict.fromkeys(call.tool for call in speaking))
    called, caveats = _read(definition, speaking)
    conflict = _conflict(definition, own, called, tools)
    known = bool(called.diplotypes or called.phenotypes)
    return base.model_copy(
        update={
            "status": "ambiguous" if len(called.diplotypes) > 1 else "called" if known else "no_call",
            "no_call_reason": None if known else f"The result of {tools} could not be interpreted.",
            "diplotypes": called.diplotypes,
            "likely": None,
            "research_diplotypes": (),
            "candidates": None if base.candidates is None else tuple(diplotype.name for diplotype in called.diplotypes),
            "phenotype": called.phenotype,
            "phenotypes": dict(called.phenotypes),
            "phenotype_range": called.phenotype_range,
            "activity_score_range": called.activity_score_range,
            "copy_number": _copy_number(definition, called, speaking, tools),
            "source": f"outside:{tools}",
            "caveats": (*conflict, *caveats, *silent),
        }
    )


def _blank(gene: str) -> GeneReport:
    return GeneReport(
        gene=gene,
        status="no_call",
        no_call_reason="This gene is called by other tools only.",
        diplotypes=(),
        phenotype=None,
        copy_number=CopyNumber(status="not_applicable", evidence="This gene is not called from small variants."),
        source="vcf",
        sites=_NO_SITES,
    )


def _read(definition: GeneDefinition | None, calls: Sequence[OutsideCall]) -> tuple[Meaning, tuple[Note, ...]]:
    """Return what the calls mean. Where a diplotype is given it is read by our own tables; else what the tool states is taken."""
    caveats: list[Note] = []
    diplotypes: dict[str, DiplotypeReport] = {}
    for call in calls:
        for report in _diplotypes(definition, call):
            diplotypes.setdefault(report.name, report)
    if len(diplotypes) > 1:
        caveats.append(caveat("outside_calls_differ", calls="; ".join(diplotypes)))
    if diplotypes and definition is not None:
        called = meaning(definition, tuple(diplotypes.values()))
        unknown = _unknown_alleles(definition, called)
        if unknown:
            caveats.append(caveat("outside_allele_unknown", alleles=", ".join(unknown)))
            called = _as_stated(called, _stated(definition, calls))
        else:
            caveats.extend(_differences(calls, called))
        if any(diplotype.activity_score_is_lower_bound for diplotype in called.diplotypes):
            caveats.append(caveat("lower_bound"))
        return called, tuple(caveats)
    if diplotypes:
        return Meaning(tuple(diplotypes.values()), {}, (), None), tuple(caveats)
    stated = _stated(definition, calls)
    if not stated:
        caveats.extend(caveat("outside_result_unreadable", tool=call.tool, result=call.diplotype or call.phenotype or "") for call in calls)
    scores = [call.activity_score for call in calls if call.activity_score is not None]
    cpic = stated.get(Scheme.CPIC)
    return Meaning((), stated, (cpic.code,) if cpic else (), (min(scores), max(scores)) if scores else None), tuple(caveats)


def _as_stated(called: Meaning, stated: Mapping[Scheme, PhenotypeReport]) -> Meaning:
    """Return a diplotype of unknown alleles with the phenotype that its tool states, if it states one."""
    if not stated or len(called.diplotypes) != 1:
        return called
    codes = {scheme: report.code for scheme, report in stated.items()}
    cpic = codes.get(Scheme.CPIC)
    diplotype = called.diplotypes[0].model_copy(update={"phenotype": cpic, "phenotypes": codes})
    return Meaning((diplotype,), stated, (cpic,) if cpic else (), None)


def _diplotypes(definition: GeneDefinition | None, call: OutsideCall) -> Iterator[DiplotypeReport]:
    if definition is not None:
        pair = haplotypes(call.diplotype) if call.diplotype else None
        if pair:
            yield named_diplotype(definition, *pair, phased=True)
        return
    text = call.diplotype or call.phenotype or ""
    result = _POSITIVE.fullmatch(text.strip())
    if result:
        allele = two_field_allele(result["allele"])
        carried = (allele,) if result["result"].lower() == "positive" else ()
        yield _uninterpreted(f"{allele} {result['result'].lower()}", carried)
    elif call.diplotype:
        alleles = sorted((two_field_allele(part) for part in call.diplotype.split("/")), key=natural_key)
        yield _uninterpreted("/".join(alleles), tuple(alleles))


def _uninterpreted(name: str, alleles: tuple[str, ...]) -> DiplotypeReport:
    return DiplotypeReport(name=name, alleles=alleles, functions=(), phenotype=None, phased=True)


def _unknown_alleles(definition: GeneDefinition, called: Meaning) -> list[str]:
    unknown: dict[str, None] = {}
    for diplotype in called.diplotypes:
        for name in diplotype.alleles:
            try:
                haplotype(definition, name)
            except UnknownAlleleError:
                unknown[name] = None
    return list(unknown)


def _stated(definition: GeneDefinition | None, calls: Sequence[OutsideCall]) -> dict[Scheme, PhenotypeReport]:
    """Return the phenotypes that all calls state, by an activity score or else in words; another scheme's only where it must follow."""
    readings = [_stated_by(definition, call) for call in calls]
    first = readings[0]
    return first if all({s: r.code for s, r in reading.items()} == {s: r.code for s, r in first.items()} for reading in readings) else {}


def _stated_by(definition: GeneDefinition | None, call: OutsideCall) -> dict[Scheme, PhenotypeReport]:
    if definition is None:
        return {}
    tables = definition.phenotypes
    if call.activity_score is not None and any(table.bands for table in tables.values()):
        basis = f"activity score {number(call.activity_score)} stated by {call.tool}"
        codes: dict[Scheme, Phenotype] = {s: phenotype_of_score(table, call.activity_score) for s, table in tables.items() if table.bands}
    else:
        cpic = phenotype_code(call.phenotype or "")
        if cpic is None:
            return {}
        basis = f"stated by {call.tool}"
        codes = {Scheme.CPIC: cpic} | {scheme: code for scheme in tables if (code := _implied(tables, cpic, scheme)) is not None}
    return {scheme: PhenotypeReport(term=code.term, code=code, basis=basis) for scheme, code in codes.items()}


def _implied(tables: Mapping[Scheme, PhenotypeTable], cpic: Phenotype, scheme: Scheme) -> Phenotype | None:
    """Return what a scheme says wherever CPIC says ``cpic``; ``None`` where that depends on the diplotype."""
    if scheme is Scheme.CPIC or Scheme.CPIC not in tables:
        return cpic if scheme is Scheme.CPIC else None
    ours, theirs = tables[Scheme.CPIC], tables[scheme]
    if ours.bands and theirs.bands:
        meant = [band.scores for band in ours.bands if band.phenotype is cpic]
        codes = {band.phenotype for band in theirs.bands for scores in meant if band.scores.meets(scores)}
    else:
        codes = {theirs.pairs.get(pair, Phenotype.INDETERMINATE) for pair, code in ours.pairs.items() if code is cpic}
    return codes.pop() if len(codes) == 1 else None


def phenotype_code(text: str) -> Phenotype | None:
    """Return the phenotype that a tool's words mean: CPIC's terms in any spelling, and the common short forms (``EM`` is ``NM``)."""
    plain = re.sub(r"\b(?:cyp|ugt)\w+", " ", text.lower().replace("metaboliser", "metabolizer").replace("ultra-rapid", "ultrarapid"))
    words = re.sub(r"[^a-z]+", " ", plain.replace("_", " ")).split()
    meant = dict.fromkeys(_SHORT.get(word, word) for word in words if word not in _EMPTY_WORDS)
    return _PHENOTYPES.get(" ".join(meant))


def _differences(calls: Sequence[OutsideCall], called: Meaning) -> Iterator[Note]:
    computed = called.phenotype
    for call in calls:
        stated = phenotype_code(call.phenotype) if call.phenotype else None
        if stated is not None and computed is not None and stated is not computed.code:
            yield caveat("outside_phenotype_differs", tool=call.tool, stated=stated.term, computed=computed.term)
        score = called.activity_score_range
        if call.activity_score is not None and score is not None and call.activity_score not in score:
            yield caveat("outside_score_differs", tool=call.tool, stated=number(call.activity_score), computed=number(score[0]))


def _conflict(definition: GeneDefinition | None, own: GeneReport | None, called: Meaning, tools: str) -> tuple[Note, ...]:
    """Name both calls where they disagree, and apart from that where the tool only adds copies, deletions or hybrids."""
    if definition is None or own is None or not own.diplotypes or not called.diplotypes:
        return ()
    if {diplotype.name for diplotype in own.diplotypes} & {diplotype.name for diplotype in called.diplotypes}:
        return ()
    values = {
        "tool": tools,
        "outside": " or ".join(diplotype.name for diplotype in called.diplotypes),
        "own": " or ".join(diplotype.name for diplotype in own.diplotypes[:6]),
    }
    ours = [frozenset(_visible(definition, diplotype)) for diplotype in own.diplotypes]
    for diplotype in called.diplotypes:
        shown = frozenset(_visible(definition, diplotype))
        if shown in ours or shown - _HYBRID_LOOKALIKES in ours:
            return (caveat("outside_call_adds_structure", **values),)
    return (caveat("outside_call_conflict", **values),)


def _visible(definition: GeneDefinition, diplotype: DiplotypeReport) -> Iterator[str]:
    """Yield the alleles of a diplotype that small variants would show: no deletion, no hybrid, each allele once."""
    structural = {allele.name for allele in definition.alleles if not allele.callable}
    for name in diplotype.alleles:
        yield from (member for member in member_alleles(name) or (name,) if member not in structural)


def _copy_number(definition: GeneDefinition | None, called: Meaning, calls: Sequence[OutsideCall], tools: str) -> CopyNumber:
    if definition is None:
        return CopyNumber(status="not_applicable", evidence="Copy number is not part of how this gene is called.")
    if not definition.copy_number_matters:
        return not_looked_for(definition)
    stated = {call.copy_number for call in calls if call.copy_number is not None}
    counted = {sum(known_haplotype(definition, name).copies for name in diplotype.alleles) for diplotype in called.diplotypes}
    if not stated and not counted:
        return CopyNumber(status="not_assessed", evidence=_WITHOUT_COPIES)
    if stated:
        return CopyNumber(status="assessed", value=stated.pop() if len(stated) == 1 else None, evidence=f"Called by {tools}.")
    evidence = f"Called by {tools}, read from the names of the alleles."
    if any(diplotype.activity_score_is_lower_bound for diplotype in called.diplotypes):
        return CopyNumber(status="assessed", evidence=f"{evidence} There are at least {min(counted)} copies.")
    return CopyNumber(status="assessed", value=counted.pop() if len(counted) == 1 else None, evidence=evidence)
