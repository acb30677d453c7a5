"""HLA results of other tools: typed pairs of alleles, and tests of single alleles (``HLA-B*15:02 negative``).

A test of one allele is no evidence about other alleles, and several tests do not exclude each other. Where results contradict each other,
the one that an allele is carried is used: a reaction that is not foreseen is the worse error.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import product

from msgspec import Struct, field

from trdpgx.calling.caveats import RaisedCaveat, caveat
from trdpgx.calling.outside_calls.names import without_gene
from trdpgx.calling.outside_calls.no_calls import sides
from trdpgx.calling.star_alleles.names import natural_key
from trdpgx.model.gene_report import DiplotypeReport
from trdpgx.model.outside import OutsideCall

_ALLELE = re.compile(r"\*?(?P<first>\d{2,4}):(?P<second>\d{2,4})(?::\d{2,4}){0,2}(?P<suffix>[A-Z])?")
_OLD_ALLELE = re.compile(r"\*?(?P<first>\d{2})(?P<second>\d{2})(?:\d{2}){0,2}(?P<suffix>[A-Z])?")
"""As written before 2010 (``B*1502``), and in labels to this day."""
_MOST_PAIRS = 16

_CARRIED = (
    "positive, pos, present, detected, carrier, carried, found, yes, true, +, heterozygous, homozygous, het, hom, "
    "heterozygous carrier, homozygous carrier, 1 copy, 2 copies, one copy, two copies"
)
_NOT_CARRIED = (
    "negative, neg, absent, not detected, undetected, non carrier, noncarrier, not a carrier, not carried, not present, not found, "
    "no, false, -, \N{MINUS SIGN}, \N{EN DASH}, 0 copies, no copy"
)
_RESULTS = dict.fromkeys(_CARRIED.split(", "), True) | dict.fromkeys(_NOT_CARRIED.split(", "), False)
_AROUND = re.compile(r"[\s:=,()]+")
_PREPOSITION = re.compile(r"\s+(?:for|of)$")


def is_hla(gene: str) -> bool:
    """Return whether a gene's alleles are named by the WHO nomenclature of the HLA system."""
    return gene.startswith("HLA-")


def is_carried_by(text: str) -> bool | None:
    """Return whether a word means that the allele tested for is carried; ``None`` if it is no such word."""
    word = " ".join(text.lower().split())
    if word not in {"-", "+"}:
        word = word.replace("_", " ").replace("non-", "non ").strip("() ")
    return _RESULTS.get(word)


def two_field_allele(gene: str, text: str) -> str | None:
    """Return an allele at two fields and without its gene, or ``None`` if it is none of this gene's or has fewer fields.

    ``HLA-B*15:02:01``, ``B*15:02``, ``15:02`` and ``B*1502`` of HLA-B are ``*15:02``. A null allele (``*15:01:01:02N``) keeps its
    ``N``, because it is not the allele that guidelines name.
    """
    name = without_gene(gene, text).strip()
    match = _ALLELE.fullmatch(name) or _OLD_ALLELE.fullmatch(name)
    return f"*{match['first']}:{match['second']}{'N' if match['suffix'] == 'N' else ''}" if match else None


class Typing(Struct):
    """All results of one gene, combined."""

    pairs: dict[tuple[str, str], None] = field(default_factory=dict)
    tests: dict[str, set[bool]] = field(default_factory=dict)
    caveats: list[RaisedCaveat] = field(default_factory=list)

    @property
    def _carried(self) -> dict[str, bool]:
        return {allele: True in results for allele, results in self.tests.items()}

    @property
    def _typed(self) -> frozenset[str]:
        return frozenset(allele for pair in self.pairs for allele in pair)

    @property
    def _untyped(self) -> list[str]:
        """The alleles that a test found and that a typing has not, or not for certain."""
        pairs = [*self.pairs]
        return [
            allele for allele, is_carried in self._carried.items() if pairs and is_carried and not all(allele in pair for pair in pairs)
        ]

    @property
    def _contradicted(self) -> tuple[str, ...]:
        """The alleles on which results contradict each other."""
        carried, typed = self._carried, self._typed
        denied = [allele for allele, is_carried in carried.items() if not is_carried and allele in typed]
        found = (*(allele for allele, results in self.tests.items() if len(results) > 1), *self._untyped, *denied)
        return tuple(sorted(dict.fromkeys(found), key=natural_key))

    def diplotypes(self) -> tuple[DiplotypeReport, ...]:
        """Return typed pairs, or else the tests, each as a diplotype without a phenotype; contradictions are named in ``caveats``."""
        carried = self._carried
        pairs = [] if self._untyped else [*self.pairs]
        if contradicted := self._contradicted:
            self.caveats.append(caveat("outside_tests_conflict", alleles=", ".join(contradicted)))
        if pairs:
            if len(pairs) > 1:
                self.caveats.append(caveat("outside_calls_differ", calls="; ".join("/".join(pair) for pair in pairs)))
            return tuple(_uninterpreted("/".join(pair), pair) for pair in pairs)
        return _of_tests(carried | dict.fromkeys(self._typed, True))

    def denied(self) -> tuple[DiplotypeReport, ...]:
        """Return what results make if the alleles on which they contradict each other are not carried; empty where none do."""
        denied, typed = self._contradicted, self._typed
        if not denied:
            return ()
        if len(self.pairs) == 1 and typed.isdisjoint(denied):
            return tuple(_uninterpreted("/".join(pair), pair) for pair in self.pairs)
        return _of_tests(dict.fromkeys(typed, True) | self._carried | dict.fromkeys(denied, False))


def read_typing(gene: str, calls: Sequence[OutsideCall]) -> Typing:
    """Return the results of the calls of one HLA gene, combined."""
    typing = Typing()
    for call in calls:
        tests = _tests(gene, call)
        if tests:
            for allele, is_carried in tests:
                typing.tests.setdefault(allele, set()).add(is_carried)
        elif not _add_typing(typing, gene, call):
            result = call.diplotype or call.phenotype or "a number"
            typing.caveats.append(caveat("outside_result_unreadable", tool=call.tool, result=result))
    return typing


def _tests(gene: str, call: OutsideCall) -> list[tuple[str, bool]]:
    """Return the tests of single alleles that a call gives, in one column or in two."""
    if call.diplotype and call.phenotype:
        allele, result = two_field_allele(gene, call.diplotype), is_carried_by(call.phenotype)
        if allele is not None and result is not None:
            return [(allele, result)]
    for text in (call.diplotype, call.phenotype):
        parts = [_test(gene, part.strip()) for part in re.split(r"[;,]", text or "") if part.strip()]
        tests = [test for test in parts if test is not None]
        if tests and len(tests) == len(parts):
            return tests
    return []


def _test(gene: str, text: str) -> tuple[str, bool] | None:
    """Return the allele and result of ``*15:02 positive``, ``HLA-B*15:02: negative`` or ``positive for *15:02``."""
    plain = without_gene(gene, text)
    for pattern in (r"(?P<allele>\*?\d[\d:]*[A-Z]?)(?P<word>[^\d*].*)", r"(?P<word>[^\d*]+?)(?P<allele>\*?\d[\d:]*[A-Z]?)"):
        match = re.fullmatch(pattern, plain)
        if match:
            allele = two_field_allele(gene, match["allele"].rstrip(":"))
            result = is_carried_by(_PREPOSITION.sub("", _AROUND.sub(" ", match["word"]).strip()))
            if allele is not None and result is not None:
                return allele, result
    return None


def _add_typing(typing: Typing, gene: str, call: OutsideCall) -> bool:
    """Add the alleles that a call names; return whether there was one to add."""
    text = without_gene(gene, call.diplotype or "")
    parts = [part.split("/") for part in text.split("+")] if "+" in text else [[side] for side in sides(text)]
    named = [[allele for one in part if (allele := two_field_allele(gene, one)) is not None] for part in parts]
    is_complete = len(parts) == 2 and all(len(some) == len(part) for some, part in zip(named, parts, strict=True))
    if is_complete and len(named[0]) * len(named[1]) <= _MOST_PAIRS:
        for first, second in product(*named):
            low, high = sorted((first, second), key=natural_key)
            typing.pairs[low, high] = None
        return True
    certain = [some[0] for some, part in zip(named, parts, strict=True) if len(part) == 1 and some]
    if not certain or len(parts) > 2:
        return False
    for allele in certain:
        typing.tests.setdefault(allele, set()).add(True)
    typing.caveats.append(caveat("outside_allele_missing", tool=call.tool, alleles=", ".join(certain)))
    return True


def _of_tests(carried: Mapping[str, bool]) -> tuple[DiplotypeReport, ...]:
    """Return the results of tests of single alleles, each as a diplotype of its own."""
    return tuple(
        _uninterpreted(f"{allele} {'positive' if carried[allele] else 'negative'}", (allele,) if carried[allele] else ())
        for allele in sorted(carried, key=natural_key)
    )


def _uninterpreted(name: str, alleles: tuple[str, ...]) -> DiplotypeReport:
    return DiplotypeReport(name=name, alleles=alleles, functions=(), phenotype=None, phased=True)
