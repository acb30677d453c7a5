"""What each source states of one drug, as sentences: source, year, its own grade, genes, for what it holds, and where it points."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from trdpgx.model.consideration import Consideration
from trdpgx.model.evidence import VerificationState
from trdpgx.model.rule import Direction
from trdpgx.reasoning.coverage import diplotypes_held, hold_for_all
from trdpgx.reasoning.directions import CHANGING
from trdpgx.reasoning.headline_words import DirectedConsideration
from trdpgx.texts import either, listed, phrase, section

_OF_A_DOCUMENT = frozenset({"label_section", "table_section"})
"""Kinds of grades that name a document of the source."""
_NAMED = 2
"""So many diplotypes are named for which a statement holds."""
_RISKS = section("risks_in_headlines")
"""What a headline names as the risk that a statement is about, by the code of an implication."""


def source_named(consideration: Consideration) -> str:
    """Return the source of a consideration and its year."""
    source = consideration.source
    return f"{source.name} {source.year}" if source.year else source.name


def document_named(consideration: Consideration) -> str:
    """Return the source and its year; of one with several documents, such as a table and labels, which of them."""
    authority = consideration.authority
    named = authority is not None and authority.kind in _OF_A_DOCUMENT
    return f"{source_named(consideration)}{_grade(consideration) if named else ''}"


def source_in_short(one: Consideration) -> str:
    """Return the source of a consideration without its year, with its own grade of a recommendation and the risk that it names."""
    graded = one.authority is not None and one.authority.kind == "recommendation"
    return ", ".join((f"{one.source.name}{_grade(one) if graded else ''}", *risks_named(one)))


def risks_named(one: Consideration) -> list[str]:
    """Return the risks that a statement names, such as that of the QT interval."""
    return [_RISKS[code] for code in one.implication.codes if code in _RISKS]


def drugs_by_sources(named: Iterable[tuple[str, str]]) -> str:
    """Return drugs, each of them with a source, as a list: drugs of the same sources stand together before these."""
    sources: dict[str, dict[str, None]] = {}
    for drug, source in named:
        sources.setdefault(drug, {})[source] = None
    drugs: dict[tuple[str, ...], list[str]] = {}
    for drug, ones in sources.items():
        drugs.setdefault(tuple(ones), []).append(drug)
    return "; ".join(phrase("drugs.by_sources", drugs=listed(names), sources="; ".join(ones)) for ones, names in drugs.items())


def sources_named(considerations: Iterable[Consideration], unseen: Collection[str] = ()) -> list[str]:
    """Return the sources with the genes that each is about, marked where nothing was seen of a gene (``unseen``)."""
    return [f"{source} ({genes})" for source, genes in _by_source_and_genes(considerations, unseen)]


def sources_limited(considerations: Iterable[Consideration], unseen: Collection[str] = ()) -> list[str]:
    """Return the sources as ``sources_named`` does, each with what its statements together hold for where that is not everything."""
    by_source = _by_source_and_genes(considerations, unseen)
    return [f"{source} ({genes}{_provisos(ones)})" for (source, genes), ones in by_source.items()]


def _by_source_and_genes(considerations: Iterable[Consideration], unseen: Collection[str]) -> Mapping[tuple[str, str], list[Consideration]]:
    by_source: dict[tuple[str, str], list[Consideration]] = {}
    for one in considerations:
        genes = [phrase("drugs.gene_not_seen", gene=gene) if gene in unseen else gene for gene in one.genes]
        by_source.setdefault((f"{document_named(one)}{_unread(one)}", ", ".join(genes)), []).append(one)
    return by_source


class SourceStatement(NamedTuple):
    """What a source states, as a sentence without a full stop: with all figures of doses, with a highest dose alone, with none.

    ``source`` is the source with the genes, with which the sentences begin.
    """

    text: str
    plain: str
    brief: str
    source: str


def stated(stances: Iterable[DirectedConsideration], words: Callable[[DirectedConsideration], str]) -> list[str]:
    """Return each thing that a source states for the same genes, with everything that it holds for: sentences without a full stop.

    Of figures of doses they have that of a highest dose alone.

    The grade stands with what changes something; of one that asks for no change it is the same in another word. A grade of how useful a
    test before treatment is does not: it is about the test, and not about what the source states.
    """
    return list(dict.fromkeys(statement.plain for statement in statements([stance.without_shares for stance in stances], words)))


def statements(stances: Iterable[DirectedConsideration], words: Callable[[DirectedConsideration], str]) -> list[SourceStatement]:
    """Return what ``stated`` does, each with all figures of doses, with fewer, and with its source."""
    holding: dict[tuple[str, str, str], list[Consideration]] = {}
    shorter: dict[str, tuple[str, str]] = {}
    for stance in stances:
        one = stance.consideration
        by = document_named(one) if Direction.STANDARD in stance.directions else f"{source_named(one)}{_grade(one)}"
        named = f"{by}{_unread(one)}"
        risk = _risk(stance)
        statement = f"{words(stance)}{risk}"
        if statement not in shorter:
            without = (stance.without_shares, stance.without_figures)
            plain, brief = (statement if shown is stance else f"{words(shown)}{risk}" for shown in without)
            shorter[statement] = plain, brief
        holding.setdefault((named, ", ".join(one.genes), statement), []).append(one)
    leads = ((f"{source} ({genes}{_provisos(ones)})", statement) for (source, genes, statement), ones in holding.items())
    found = []
    for lead, statement in leads:
        plain, brief = shorter[statement]
        found.append(SourceStatement(f"{lead} {statement}", f"{lead} {plain}", f"{lead} {brief}", lead))
    return found


def _grade(one: Consideration) -> str:
    grade = one.evidence.source_grade
    return f", {grade}" if grade and not (one.authority and one.authority.kind == "test_utility") else ""


def _risk(stance: DirectedConsideration) -> str:
    """Return the risk that a source names where it asks for a change or for caution; empty without one."""
    if not stance.directions & CHANGING:
        return ""
    risks = risks_named(stance.consideration)
    return phrase("drugs.because_of", risks=listed(risks)) if risks else ""


def _unread(one: Consideration) -> str:
    return phrase("certainty.not_verified") if one.evidence.verification.state is VerificationState.UNVERIFIED else ""


def _provisos(considerations: Sequence[Consideration]) -> str:
    """Return for what statements of one source hold, after a comma; empty where that is everything, for one or together."""
    provisos = [proviso(one) for one in considerations]
    if not all(provisos) or hold_for_all(considerations):
        return ""
    by_genotype = not any(one.conversion for one in considerations)
    if by_genotype and 0 < len(held := diplotypes_held(considerations)) <= _NAMED:
        return f", {phrase('drugs.if_diplotypes', names=either(held))}"
    unseen = phrase("drugs.only_if_unseen_allele")
    others = dict.fromkeys(one for one in provisos if one != unseen)
    if not others:
        return f", {unseen}"
    return f", {either(others)}{phrase('drugs.or_if_unseen_allele') if unseen in provisos else ''}"


def proviso(consideration: Consideration) -> str:
    """Return for what a statement holds; empty where that is everything."""
    if consideration.basis.only_if_hidden:
        return phrase("drugs.only_if_unseen_allele")
    if consideration.basis.holds_for != "some":
        return ""
    return phrase("certainty.some_possible_diplotypes" if consideration.conversion is None else "drugs.some_methods_lists_diplotypes")
