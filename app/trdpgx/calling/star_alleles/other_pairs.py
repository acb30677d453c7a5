"""The pairs of alleles that explain the same genotypes as the call, by name, each with the phenotype that it would make."""

from collections.abc import Iterator, Mapping, Sequence, Set
from enum import Enum

from msgspec import Struct

from trdpgx.calling.star_alleles.diplotypes import Meaning
from trdpgx.calling.star_alleles.functions import Codes, Made, functions_of
from trdpgx.calling.star_alleles.matcher import OTHERS_NAMED, Match, OtherPairs
from trdpgx.calling.star_alleles.table import AlleleTable
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.texts import phrase


class _Likeness(Enum):
    """Whether pairs would have another phenotype than the call, one that is not known, or the same; in the order of a text."""

    OTHER = "other"
    UNCLEAR = "unclear"
    SAME = "same"


class _PairsAlike(Struct):
    """Pairs of which the same is stated: how many, and the names of the first of them."""

    count: int
    names: list[str]


def other_pairs_text(table: AlleleTable, matched: Match, called: Meaning) -> str:
    """Return the pairs that explain the genotypes and were not called, with what they would make; those of another phenotype come first.

    Where copies changed the call, the pairs are named as those of two copies.
    """
    counted = {pair.name for pair in matched.pairs}.isdisjoint(diplotype.name for diplotype in called.diplotypes)
    functions = functions_of(table)
    by_made: dict[Made, list[OtherPairs]] = {}
    for group in matched.others:
        by_made.setdefault(functions.made[group.kinds[0]][group.kinds[1]], []).append(group)
    own = {
        Made(tuple(diplotype.phenotypes.get(scheme) for scheme in functions.schemes), diplotype.activity_score)
        for diplotype in called.diplotypes
    }
    own_codes = {made.codes for made in own}
    alike: dict[_Likeness, dict[str, _PairsAlike]] = {likeness: {} for likeness in _Likeness}
    for made, groups in by_made.items():
        if counted:
            words, likeness = phrase("other_pairs.of_two_copies"), _Likeness.SAME
        elif made.codes in own_codes:
            words, likeness = _as_called(made, own), _Likeness.SAME
        else:
            words, likeness = _would_be(functions.schemes, made.codes, own_codes)
        ones = alike[likeness].setdefault(words, _PairsAlike(0, []))
        ones.count += sum(group.count for group in groups)
        ones.names += (pair.name for group in groups for pair in group.pairs)
    return "; ".join(text for by_words in alike.values() for text in _shown(by_words))


def _as_called(made: Made, own: Set[Made]) -> str:
    """Return what pairs make that have the phenotypes of the call: perhaps with another activity score. Empty without phenotypes."""
    code = next(filter(None, made.codes), None)
    if code is None:
        return ""
    return phrase("other_pairs.as_called" if made in own else "other_pairs.with_another_score", term=code.term)


def _would_be(schemes: Sequence[Scheme], codes: Codes, own: Set[Codes]) -> tuple[str, _Likeness]:
    """Return the phenotype that pairs make and the call does not: the first scheme's, or by name another's where that one is the same."""
    for number, (scheme, code) in enumerate(zip(schemes, codes, strict=True)):
        if code is not None and code not in {codes[number] for codes in own}:
            term = code.term if number == 0 else phrase("diplotype_combinations.by_scheme", term=code.term, scheme=scheme)
            likeness = _Likeness.UNCLEAR if code is Phenotype.INDETERMINATE else _Likeness.OTHER
            return phrase("other_pairs.would_be", term=term), likeness
    return "", _Likeness.OTHER


def _shown(by_words: Mapping[str, _PairsAlike]) -> Iterator[str]:
    for words, alike in by_words.items():
        first = alike.names[:OTHERS_NAMED]
        more = alike.count - len(first)
        names = ", ".join(first) + (phrase("other_pairs.more", count=more) if more else "")
        yield f"{names} ({words})" if words else names
