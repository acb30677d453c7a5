"""Whether a phenotype is stated or left open, and what a report then states: the hidden alleles, what they make, and what would settle it.

A phenotype is open where a hidden allele is on a list of those that a test must see, was shown by a row that its own filter or quality
refuses, or has no frequency of its own, and where the chance that one is carried is at least that of the setting.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, product

from msgspec import Struct

from trdpgx.calling.star_alleles.diplotypes import Meaning
from trdpgx.calling.star_alleles.functions import Functions, Made, functions_of
from trdpgx.calling.star_alleles.hidden import Unseen, look, share_of
from trdpgx.calling.star_alleles.hidden_chance import NO_CHANCE, Chance
from trdpgx.calling.star_alleles.memo import Memo
from trdpgx.calling.star_alleles.names import natural_key
from trdpgx.calling.star_alleles.pattern import Pattern
from trdpgx.calling.star_alleles.settling_sites import telling_sites
from trdpgx.calling.star_alleles.sides import Side, made_by, readings, slot
from trdpgx.calling.star_alleles.table import AlleleTable, bits
from trdpgx.model.activity import score_range
from trdpgx.model.gene import FrequencyTable, Phenotype, Scheme, in_order
from trdpgx.model.gene_report import HiddenAllele, HiddenReading

OPEN_FROM = 0.01
"""From this chance on a phenotype is left open, unless a setting overrides it."""
EXAMPLES = 8
"""The most diplotypes that are named of one reading."""


class Question(Struct, frozen=True):
    """What is asked about a gene: the panel's frequencies, the alleles on a list (each with its list), and the chance that opens."""

    frequencies: FrequencyTable | None
    must_see: Mapping[str, str]
    open_from: float


class Opening(Struct, frozen=True):
    """What the sites seen leave open. ``called`` has no phenotype where it is open, and its ranges take in what the hidden alleles make.

    ``likely`` is the reading with the largest prior share of those allowed, and that share (``None``: not known). ``uncertain`` counts
    the alleles of no known function that fit. ``refused`` names the hidden alleles that a refused row shows, ``together`` those without a
    frequency of their own.
    """

    called: Meaning
    open: bool = False
    hidden: tuple[HiddenAllele, ...] = ()
    readings: tuple[HiddenReading, ...] = ()
    settled_by: tuple[str, ...] = ()
    chance: Chance | None = NO_CHANCE
    likely: tuple[Phenotype, float | None] | None = None
    uncertain: int = 0
    refused: tuple[str, ...] = ()
    together: tuple[str, ...] = ()


def opening(
    table: AlleleTable,
    pattern: Pattern,
    called: Meaning,
    question: Question,
    refused: Sequence[tuple[int, str]] = (),
    *,
    memo: Memo | None = None,
) -> Opening:
    """Return what a pattern leaves open about the diplotypes called. What the request's ``memo`` has is not computed again.

    ``refused`` holds sites (by index) and bases that a row shows there and its own filter or quality refuses.
    """
    if None not in pattern or not called.diplotypes:
        return Opening(called=called)
    memo = Memo() if memo is None else memo
    names = tuple(diplotype.name for diplotype in called.diplotypes)
    key = (opening, table, pattern, names, tuple(refused), question.open_from)
    return memo.get(key, lambda: _opening(table, pattern, called, question, refused), lambda _: 1 + len(names))


def _opening(table: AlleleTable, pattern: Pattern, called: Meaning, question: Question, refused: Sequence[tuple[int, str]]) -> Opening:
    listed = sum(1 << i for i, allele in enumerate(table.alleles) if allele.name in question.must_see)
    unseen = look(table, pattern, called.diplotypes, question.frequencies, listed, refused=refused)
    shown = _refused(table, unseen, refused)
    chance = unseen.chance
    likely_enough = chance is not None and chance.smoothed >= question.open_from
    is_open = bool(unseen.hidden and (unseen.hidden & listed or shown or unseen.counted_with or likely_enough))
    functions = functions_of(table)
    return Opening(
        open=is_open,
        called=_opened(table, functions, called, unseen) if is_open else called,
        hidden=_hidden(table, functions, unseen, question, shown),
        readings=_readings(table, functions, called, unseen, question) if is_open else (),
        settled_by=telling_sites(table, pattern, unseen, question.frequencies) if unseen.hidden else (),
        chance=chance,
        likely=_likely(functions, called, unseen) if is_open else None,
        uncertain=unseen.uncertain.bit_count(),
        refused=table.names(shown),
        together=table.names(unseen.counted_with),
    )


def _refused(table: AlleleTable, unseen: Unseen, refused: Sequence[tuple[int, str]]) -> int:
    """Return the hidden alleles that a refused row shows, at a site that tells them from what was called."""
    shown = 0
    for site, base in refused:
        with_base = table.carriers[site].get(base, 0)
        for side in (side for both in unseen.sides for side in both):
            if side.hidden & with_base and not with_base >> side.haplotype.allele & 1:
                shown |= side.hidden & with_base
    return shown


def _opened(table: AlleleTable, functions: Functions, called: Meaning, unseen: Unseen) -> Meaning:
    """Return the diplotypes without a phenotype, with ranges over what the hidden alleles make as well."""
    codes = {diplotype.phenotype for diplotype in called.diplotypes}
    scores = {diplotype.activity_score for diplotype in called.diplotypes}
    for both in _distinct(functions, unseen):
        for _, _, made in readings(table, functions, both):
            codes.add(_cpic(functions, made))
            scores.add(made.score)
    return Meaning(called.diplotypes, {}, in_order(codes), score_range(scores))


def _distinct(functions: Functions, unseen: Unseen) -> Iterable[tuple[Side, Side]]:
    """Return the sides of the diplotypes, those apart that differ in nothing that a phenotype rests on."""
    seen: dict[object, tuple[Side, Side]] = {}
    for both in unseen.sides:
        key = tuple((slot(functions, side.haplotype), side.kinds) for side in both)
        seen.setdefault(key, both)
    return seen.values()


def _cpic(functions: Functions, made: Made) -> Phenotype | None:
    return made.codes[functions.schemes.index(Scheme.CPIC)] if Scheme.CPIC in functions.schemes else None


def _hidden(table: AlleleTable, functions: Functions, unseen: Unseen, question: Question, shown: int) -> tuple[HiddenAllele, ...]:
    """Return the hidden alleles: those of refused rows first, then those of a list, then the commonest."""
    makes = _makes(table, functions, unseen)
    ranked = []
    for i in bits(unseen.hidden):
        name, share = table.alleles[i].name, share_of(table, i, question.frequencies)
        report = HiddenAllele(
            allele=name,
            makes=makes.get(functions.kind[i]),
            frequency=None if share is None else round(share, 6),
            refused=bool(shown >> i & 1),
            listed=question.must_see.get(name),
        )
        ranked.append(((not report.refused, report.listed is None, -(share or 0), table.rank[i]), report))
    return tuple(report for _, report in sorted(ranked, key=lambda pair: pair[0]))


def _makes(table: AlleleTable, functions: Functions, unseen: Unseen) -> dict[int, Phenotype]:
    """Return what each kind of hidden alleles makes: of several phenotypes, the one farthest from what was called.

    Beside an allele as called, where that changes the phenotype; else beside another hidden one.
    """
    order = list(Phenotype)
    alone: dict[int, tuple[int, Phenotype]] = {}
    together: dict[int, tuple[int, Phenotype]] = {}
    for both in _distinct(functions, unseen):
        base = made_by(table, functions, both)
        called = _cpic(functions, base)
        for one, other, made in readings(table, functions, both):
            code = _cpic(functions, made)
            if made.codes == base.codes or code is None or called is None:
                continue
            far = (abs(order.index(code) - order.index(called)), code)
            if one < 0 or other < 0:
                _keep(alone, max(one, other), far)
            else:
                _keep(together, one, far)
                _keep(together, other, far)
    return {kind: code for kind, (_, code) in (together | alone).items()}


def _keep(kept: dict[int, tuple[int, Phenotype]], kind: int, far: tuple[int, Phenotype]) -> None:
    if kind not in kept or far[0] > kept[kind][0]:
        kept[kind] = far


def _readings(table: AlleleTable, functions: Functions, called: Meaning, unseen: Unseen, question: Question) -> tuple[HiddenReading, ...]:
    """Return what the hidden alleles make that no diplotype called does, each with diplotypes that would, the likeliest first."""
    own = {tuple(diplotype.phenotypes.get(scheme) for scheme in functions.schemes) for diplotype in called.diplotypes}
    examples: dict[Made, dict[str, None]] = {}
    ranked: dict[Side, dict[int, list[str]]] = {}
    for both in unseen.sides:
        for one, other, made in readings(table, functions, both):
            named = examples.get(made)
            if made.codes in own or (named is not None and len(named) >= EXAMPLES):
                continue
            named = examples.setdefault(made, {})
            for side in both:
                if side not in ranked:
                    ranked[side] = _by_kind(table, side, functions, question)
            pairs = product(ranked[both[0]].get(one, ()), ranked[both[1]].get(other, ()))
            for pair in islice(pairs, EXAMPLES - len(named)):
                named["/".join(sorted(pair, key=natural_key))] = None
    has_chance = unseen.chance is not None
    return tuple(
        HiddenReading(
            phenotypes={scheme: code for scheme, code in zip(functions.schemes, made.codes, strict=True) if code is not None},
            activity_score=made.score,
            diplotypes=tuple(examples[made]),
            chance=round(unseen.readings.get(made, 0.0), 4) if has_chance else None,
        )
        for made in sorted(examples, key=lambda made: -unseen.readings.get(made, 0.0))
    )


def _by_kind(table: AlleleTable, side: Side, functions: Functions, question: Question) -> dict[int, list[str]]:
    """Return the names of a haplotype's hidden alleles by kind, the commonest first; -1 is the allele called."""
    one = side.haplotype
    called = one.fixed.name if one.fixed is not None else table.alleles[one.allele].name
    copies = "" if one.copies == 1 else f"x{one.copies}"
    by_kind: dict[int, list[str]] = {-1: [called + (copies if one.fixed is None else "")]}
    for i in sorted(bits(side.hidden), key=lambda i: (-(share_of(table, i, question.frequencies) or 0), table.rank[i])):
        by_kind.setdefault(functions.kind[i], []).append(table.alleles[i].name + copies)
    return by_kind


def _likely(functions: Functions, called: Meaning, unseen: Unseen) -> tuple[Phenotype, float | None] | None:
    """Return the likeliest reading by CPIC and its prior share. Where that is not known, what the diplotypes agree on, if they do.

    Of readings that are alike to the hundredth, that of the diplotypes called is taken.
    """
    shares: dict[Phenotype, float] = {}
    for made, share in unseen.readings.items():
        code = _cpic(functions, made)
        if code is not None:
            shares[code] = shares.get(code, 0.0) + share
    if unseen.chance is None or not shares:
        return None if called.agreed is None else (called.agreed, None)
    certain = {code: share for code, share in shares.items() if code is not Phenotype.INDETERMINATE}
    likely = max(certain or shares, key=lambda code: (round(shares[code], 2), code is called.agreed))
    return likely, round(shares[likely], 4)
