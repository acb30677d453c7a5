"""What structural records leave open: diplotypes at other numbers of copies that they do not exclude, and the phenotypes that these make.

A record that its own filter or quality refuses, one that allows two copies and others, and one that holds no value of the sample leave the
number of copies open. Where that would change the phenotype, it is not stated.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from trdpgx.calling.copy_number.depth import DepthEvidence
from trdpgx.calling.copy_number.haplotypes import deletion_of, with_number
from trdpgx.calling.copy_number.structural import CopyEvidence
from trdpgx.calling.star_alleles.diplotypes import Meaning, diplotype_of, known_haplotype
from trdpgx.calling.star_alleles.names import natural_key
from trdpgx.calling.star_alleles.open_phenotype import EXAMPLES, Opening
from trdpgx.model.activity import score_range
from trdpgx.model.gene import NO_FUNCTION, GeneDefinition, NamedAllele, Phenotype, Scheme, in_order
from trdpgx.model.gene_report import DiplotypeReport, HiddenAllele, HiddenReading

Codes = tuple[tuple[Scheme, Phenotype], ...]


class OpenCopies(Struct, frozen=True):
    """What records leave open.

    ``diplotypes`` are those of other numbers of copies; ``refused`` names the alleles that refused rows show, ``unnamed`` the structural
    alleles that make no diplotype. ``likely``: whether what was called is still the likeliest.
    """

    diplotypes: tuple[DiplotypeReport, ...]
    refused: frozenset[str]
    unnamed: tuple[str, ...]
    likely: bool


def open_copies(
    definition: GeneDefinition, called: Meaning, haplotypes: Sequence[str], evidence: CopyEvidence, depth: DepthEvidence
) -> OpenCopies:
    """Return what the doubtful, the missing and the refused records of a gene leave open beside two copies."""
    names = list(haplotypes) or sorted(called.alleles, key=natural_key)
    by_name: dict[str, DiplotypeReport] = {}
    unnamed: dict[str, None] = {}
    shown: set[str] = set()
    asked = [(number, "", False) for number in evidence.possible if number != 2]
    asked += [(number, f"<{one.kind}>", True) for one in evidence.refused for number in (one.numbers or (-1,))]
    at: dict[int, tuple[DiplotypeReport, ...]] = {}
    for number, kind, refused in dict.fromkeys(asked):
        made = at[number] if number in at else at.setdefault(number, _made(definition, called, names, number, depth))
        by_name.update({diplotype.name: diplotype for diplotype in made})
        structural = {name for diplotype in made for name in diplotype.alleles if name not in called.alleles}
        if not made:
            structural = {kind or f"<CN{number}>"}
            unnamed |= dict.fromkeys(structural)
        shown |= structural if refused else set()
    return OpenCopies(tuple(by_name.values()), frozenset(shown), tuple(unnamed), likely=not evidence.doubt)


def _made(
    definition: GeneDefinition, called: Meaning, names: Sequence[str], number: int, depth: DepthEvidence
) -> tuple[DiplotypeReport, ...]:
    """Return the diplotypes at a number of copies; none where no allele has it. A deletion without a name is that of no function."""
    if not called.diplotypes:
        return ()
    if number in {0, 1}:
        deleted = _deleted(definition)
        others = [known_haplotype(definition, name) for name in names] if number else [deleted]
        return tuple(diplotype_of(definition, (deleted, other), phased=False) for other in others)
    if number < 0 or not definition.copy_number_matters:
        return ()
    changed = with_number(definition, called, names, number, depth, deleted=False)
    return changed[0].diplotypes if changed else ()


def _deleted(definition: GeneDefinition) -> NamedAllele:
    name = deletion_of(definition)
    if name is not None:
        return known_haplotype(definition, name)
    return NamedAllele(name="<DEL>", bases={}, function=NO_FUNCTION, activity=0.0, callable=False, copies=0)


def with_open_copies(left: Opening, opened: OpenCopies | None) -> Opening:
    """Return what is open of a gene's phenotype, with what the number of copies leaves open. ``left`` is what the sites leave."""
    called = left.called.diplotypes
    if opened is None or not called:
        return left
    own = {_codes(diplotype) for diplotype in called}
    changing = [diplotype for diplotype in opened.diplotypes if not diplotype.phenotypes or own != {_codes(diplotype)}]
    if not (changing or opened.unnamed):
        return left
    codes = {*left.called.phenotype_range, *(diplotype.phenotype for diplotype in (*called, *changing))}
    scores = score_range((*(diplotype.activity_score for diplotype in (*called, *changing)), *(left.called.activity_score_range or ())))
    hidden = tuple(_hidden(called, changing, opened))
    new = {one.allele for one in hidden}
    first = [one for one in hidden if one.refused]
    return replace(
        left,
        open=True,
        called=Meaning(called, {}, in_order(codes), scores),
        hidden=(*first, *(one for one in left.hidden if one.allele not in new), *(one for one in hidden if not one.refused)),
        readings=(*left.readings, *_readings(changing, own)),
        chance=None,
        likely=_likely(left) if opened.likely else None,
        refused=(*(one.allele for one in first), *left.refused),
    )


def _codes(diplotype: DiplotypeReport) -> Codes:
    return tuple(sorted(diplotype.phenotypes.items()))


def _likely(left: Opening) -> tuple[Phenotype, float | None] | None:
    """Return the likeliest phenotype; how likely it is with an open number of copies is not known."""
    code = left.called.agreed if not left.open else left.likely[0] if left.likely else None
    return None if code is None else (code, None)


def _hidden(called: Sequence[DiplotypeReport], changing: Sequence[DiplotypeReport], opened: OpenCopies) -> Iterator[HiddenAllele]:
    """Yield the structural alleles that would change the phenotype, each with the phenotype farthest from what was called."""
    own = {name for diplotype in called for name in diplotype.alleles}
    order = list(Phenotype)
    base = [order.index(diplotype.phenotype) for diplotype in called if diplotype.phenotype is not None]
    makes: dict[str, Phenotype | None] = {}
    for diplotype in changing:
        for name in diplotype.alleles:
            if name not in own:
                makes[name] = _farther(makes.get(name), diplotype.phenotype, base)
    makes |= dict.fromkeys((name for name in opened.unnamed if name not in makes), None)
    for name, code in makes.items():
        yield HiddenAllele(allele=name, makes=code, frequency=None, refused=name in opened.refused)


def _farther(one: Phenotype | None, other: Phenotype | None, base: Sequence[int]) -> Phenotype | None:
    order = list(Phenotype)
    ranked = [code for code in (one, other) if code is not None]
    return max(ranked, key=lambda code: max((abs(order.index(code) - index) for index in base), default=0), default=None)


def _readings(changing: Sequence[DiplotypeReport], own: set[Codes]) -> Iterator[HiddenReading]:
    """Yield what the other numbers of copies make that no diplotype called does."""
    examples: dict[tuple[Codes, float | None], list[str]] = {}
    for diplotype in changing:
        if diplotype.phenotypes and _codes(diplotype) not in own:
            examples.setdefault((_codes(diplotype), diplotype.activity_score), []).append(diplotype.name)
    for (codes, score), names in examples.items():
        yield HiddenReading(phenotypes=dict(codes), activity_score=score, diplotypes=tuple(names[:EXAMPLES]), chance=None)
