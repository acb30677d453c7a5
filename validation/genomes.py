"""Make genomes of named alleles, and write the same genotypes as VCF in many representations, so that they can be called back.

A person is the true genotype of each site: the bases of two haplotypes and their phase set. ``write`` returns the text of a VCF of people,
in one of the many ways in which tools write the same genotypes.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from random import Random
from typing import Literal, NamedTuple

from msgspec.structs import replace

from trdpgx.model.gene import GeneDefinition, NamedAllele
from trdpgx.model.genome import Assembly, PanelSite
from trdpgx.model.library import ReferenceLibrary

_IUPAC = {"R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC"}
_BLOCK = "<NON_REF>"


class Genotype(NamedTuple):
    """The bases of two haplotypes at a site. Sites of one ``block`` (phase set) have them in one order; ``None``: unphased."""

    first: str
    second: str
    block: int | None

    @property
    def haplotypes(self) -> tuple[str, str]:
        """The bases of both haplotypes."""
        return self.first, self.second


Rows = Literal["all", "variants", "blocks"]
Person = Mapping[str, Genotype]
"""Site id -> genotype. A site that is missing was not seen."""


@dataclass(frozen=True, slots=True)
class Representation:
    """How genotypes are written. All representations state the same genotypes, except that ``variants`` leaves out rows."""

    assembly: Assembly = Assembly.GRCH38
    rows: Rows = "all"
    """A row for every site; variant rows only; or gVCF blocks where there is no variant."""
    prefix: str = "chr"
    split: bool = False
    """A row for each ALT."""
    dots: bool = False
    """In split rows (other than of gVCFs), an allele of another row is ``.`` and not ``0``."""
    shifted: bool = False
    """Insertions and deletions stand as far right in their repeat as they can, with bases behind them."""
    joined: bool = False
    """Adjacent sites of single bases are written as one row."""
    stars: bool = False
    """A site inside a deletion on the same haplotype is ``*``; of shifted deletions, only one that is inside however it is written."""
    spare: bool = False
    """Rows have an ALT that nobody carries."""
    lower: bool = False
    turned: bool = False
    """The second haplotype comes first."""
    shuffled: bool = False
    others: int = 0
    """Number of records outside of the panel."""
    seed: int = 0


class _Row(NamedTuple):
    """A record before it is written; ``genotypes`` has one entry for each person."""

    chrom: str
    pos: int
    ref: str
    alts: tuple[str, ...]
    info: str
    genotypes: tuple[str, ...]


def entry_bases(definition: GeneDefinition, allele: NamedAllele, site: PanelSite) -> tuple[str, ...]:
    """Return the bases that an allele can have at a site: its entry, else the reference allele's, or GRCh38's where that is ambiguous."""
    entry = allele.bases.get(site.id)
    if entry is None:
        entry = definition.reference.bases[site.id]
        entry = site.ref if entry in _IUPAC else entry
    return tuple(_IUPAC.get(entry, (entry,)))


def person(
    library: ReferenceLibrary, pairs: Mapping[str, tuple[NamedAllele, NamedAllele]], rng: Random, *, phased: bool
) -> dict[str, Genotype]:
    """Return a person with a pair of alleles in each gene of ``pairs``; an ambiguous entry becomes one of its bases."""
    made = {}
    sites = library.sites[Assembly.GRCH38]
    for gene, (first, second) in pairs.items():
        definition = library.genes[gene]
        for site in definition.sites:
            one, other = (rng.choice(entry_bases(definition, allele, sites[site])) for allele in (first, second))
            made[site] = Genotype(one, other, 0 if phased else None)
    return made


def write(library: ReferenceLibrary, people: Sequence[Person], representation: Representation) -> bytes:
    """Return the text of a VCF with one sample for each person (``P0``, ``P1`` ...)."""
    rng = Random(representation.seed)
    rows = list(_rows(library, people, representation))
    rows += _others(library, len(people), representation, rng)
    if representation.shuffled:
        rng.shuffle(rows)
    else:
        order = {chrom: n for n, chrom in enumerate(library.panels[representation.assembly].contig_lengths)}
        rows.sort(key=lambda row: (order[row.chrom], row.pos))
    keys = "GT:PS" if any(":" in entry for row in rows for entry in row.genotypes) else "GT"
    lines = [*_header(library, len(people), representation)]
    for row in rows:
        entries = (entry if ":" in entry or keys == "GT" else f"{entry}:." for entry in row.genotypes)
        fixed = (representation.prefix + row.chrom, row.pos, ".", row.ref, ",".join(row.alts) or ".", ".", "PASS", row.info or ".", keys)
        lines.append("\t".join([*map(str, fixed), *entries]))
    return ("\n".join(lines) + "\n").encode()


def _header(library: ReferenceLibrary, people: int, representation: Representation) -> Iterator[str]:
    yield "##fileformat=VCFv4.3"
    for contig, length in library.panels[representation.assembly].contig_lengths.items():
        yield f"##contig=<ID={representation.prefix}{contig},length={length}>"
    yield '##INFO=<ID=END,Number=1,Type=Integer,Description="Last position of a block">'
    yield '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">'
    yield '##FORMAT=<ID=PS,Number=1,Type=Integer,Description="Phase set">'
    yield "\t".join(["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *(f"P{n}" for n in range(people))])


def _rows(library: ReferenceLibrary, people: Sequence[Person], representation: Representation) -> Iterator[_Row]:
    known = {site for one in people for site in one}
    plain: list[PanelSite] = []
    written: list[_Row] = []
    panel = [site for site in library.panels[representation.assembly].sites if site.id in known]
    if representation.stars:
        people = [_with_stars(panel, one, representation) for one in people]
    for group in _groups(panel, people) if representation.joined else [[site] for site in panel]:
        genotypes = [_haplotypes(group, one) for one in people]
        whole = _joined(group) if len(group) > 1 else group[0]
        carried = dict.fromkeys(base for genotype in genotypes if genotype for base in genotype.haplotypes if base != whole.ref)
        if carried or representation.rows == "all" or None in genotypes:
            alts = tuple(sorted(carried)) or (whole.alts[:1] if representation.rows == "all" else ())
            written.extend(_spelled(whole, alts, genotypes, representation))
        else:
            plain.extend(group)
    yield from written
    if representation.rows == "blocks":
        unseen = {(site.chrom, site.pos) for site in library.panels[representation.assembly].sites if site.id not in known}
        yield from _blocks(plain, written, unseen, len(people))


def _groups(panel: Sequence[PanelSite], people: Sequence[Person]) -> list[list[PanelSite]]:
    """Return the sites in order, with adjacent sites of single bases in one group where the same people have both."""
    groups: list[list[PanelSite]] = []
    for site in sorted(panel, key=lambda site: (site.chrom, site.pos)):
        last = groups[-1][-1] if groups else None
        beside = last is not None and (last.chrom, last.pos + 1, last.gene) == (site.chrom, site.pos, site.gene)
        if (
            last is not None
            and beside
            and not (site.is_indel or last.is_indel)
            and all((site.id in one) == (last.id in one) for one in people)
        ):
            groups[-1].append(site)
        else:
            groups.append([site])
    return groups


def _joined(group: Sequence[PanelSite]) -> PanelSite:
    ref = "".join(site.ref for site in group)
    return replace(group[0], ref=ref, alts=(group[0].alts[0] + ref[1:],), context=ref)


def _haplotypes(group: Sequence[PanelSite], one: Person) -> Genotype | None:
    """Return the haplotypes of a person over a group of sites; ``None`` where a site was not seen."""
    found = [genotype for site in group if (genotype := one.get(site.id))]
    if len(found) < len(group):
        return None
    first, second = ("".join(genotype.haplotypes[n] for genotype in found) for n in (0, 1))
    return Genotype(first, second, found[0].block)


def _with_stars(panel: Sequence[PanelSite], one: Person, representation: Representation) -> Person:
    """Return a person with ``*`` for the reference base of each site that a deletion on the same haplotype removes."""
    starred = {site: list(genotype.haplotypes) for site, genotype in one.items()}
    for deletion in panel:
        for haplotype, base in enumerate(one[deletion.id].haplotypes if deletion.id in one else ()):
            lost = _lost(deletion, base, representation)
            for site in panel if lost else ():
                inside = site.chrom == deletion.chrom and site.pos in lost and not site.is_indel
                if inside and site.id in one and one[site.id].haplotypes[haplotype] == site.ref:
                    starred[site.id][haplotype] = "*"
    return {site: Genotype(first, second, one[site].block) for site, (first, second) in starred.items()}


def _lost(site: PanelSite, base: str, representation: Representation) -> range:
    """Return the positions that an allele of a site removes in every way in which its record may be written."""
    lost = range(site.pos + len(base), site.pos + len(site.ref))
    if not lost or not representation.shifted:
        return lost
    pos, ref, (alt,) = shifted(site, (base,))
    return range(max(lost.start, pos + 1), min(lost.stop, pos + 1 + len(ref) - len(alt)))


def _spelled(
    site: PanelSite, alts: tuple[str, ...], genotypes: Sequence[Genotype | None], representation: Representation
) -> Iterator[_Row]:
    """Yield the row of a site, or one row for each ALT."""
    for part in [(alt,) for alt in alts] if representation.split and alts else [alts]:
        numbers = {site.ref: "0"} | {alt: str(number) for number, alt in enumerate(part, start=1)}
        entries = tuple(_entry(genotype, numbers, representation) for genotype in genotypes)
        pos, ref, spelled = shifted(site, part) if representation.shifted else (site.pos, site.ref, part)
        if representation.spare:
            spelled = (*spelled, _spare(site, ref, alts))
        if representation.rows == "blocks":
            spelled = (*spelled, _BLOCK)
        if representation.lower:
            ref, spelled = ref.lower(), tuple(alt if alt == _BLOCK else alt.lower() for alt in spelled)
        yield _Row(site.chrom, pos, ref, spelled, "", entries)


def _spare(site: PanelSite, ref: str, alts: tuple[str, ...]) -> str:
    """Return an ALT that nobody carries: an insertion, or in a row of several sites bases that no other row has there.

    An insertion in such a row would leave its inner sites unread.
    """
    if site.is_indel or len(ref) == 1:
        return ref + "TTTTT"
    return "".join(next(base for base in "ACGTN" if base not in column) for column in zip(ref, *alts, strict=True))


def _entry(genotype: Genotype | None, numbers: Mapping[str, str], representation: Representation) -> str:
    """Return GT (and PS) of one person; an ALT of another row is written as 0, or as a dot."""
    if genotype is None:
        return "./."
    elsewhere = "." if representation.dots and representation.rows != "blocks" else "0"
    first, second = (numbers.get(base, elsewhere) for base in genotype.haplotypes)
    if representation.turned:
        first, second = second, first
    text = f"{first}{'/' if genotype.block is None else '|'}{second}"
    return f"{text}:{genotype.block}" if genotype.block else text


def shifted(site: PanelSite, alts: tuple[str, ...]) -> tuple[int, str, tuple[str, ...]]:
    """Return POS, REF and ALTs of an indel with its whole context appended, and right-shifted through its repeat where there is one ALT.

    The bases are the same. A row of single bases is returned unchanged.
    """
    if not site.is_indel or not alts or "*" in alts:
        return site.pos, site.ref, alts
    rest = site.context[len(site.ref) :]
    ref, spelled = site.context, [alt + rest for alt in alts]
    start = 0
    while len(alts) == 1 and all(len(text) > 1 and text[:2] == ref[:2] for text in spelled):
        ref, spelled, start = ref[1:], [text[1:] for text in spelled], start + 1
    return site.pos + start, ref, tuple(spelled)


def _blocks(plain: Sequence[PanelSite], written: Sequence[_Row], unseen: Set[tuple[str, int]], people: int) -> Iterator[_Row]:
    """Yield gVCF blocks over the sites where everybody has the reference; rows and unseen sites end a block."""
    bases: dict[str, dict[int, str]] = {}
    for site in plain:
        bases.setdefault(site.chrom, {}).update({site.pos + n: base for n, base in enumerate(site.ref)})
    for chrom, known in bases.items():
        taken = {row.pos + n for row in written if row.chrom == chrom for n in range(len(row.ref))}
        edges = sorted(taken | {pos for locus, pos in unseen if locus == chrom})
        runs: dict[int, list[int]] = {}
        for pos in sorted(known.keys() - taken):
            runs.setdefault(bisect_left(edges, pos), []).append(pos)
        for run in runs.values():
            yield _Row(chrom, run[0], known[run[0]], (_BLOCK,), f"END={run[-1]}", ("0/0",) * people)


def _others(library: ReferenceLibrary, people: int, representation: Representation, rng: Random) -> Iterator[_Row]:
    """Yield records far from every site of the panel."""
    panel = library.panels[representation.assembly]
    reach = {chrom: max((site.pos for site in panel.sites if site.chrom == chrom), default=0) for chrom in panel.contig_lengths}
    for _ in range(representation.others):
        chrom = rng.choice([chrom for chrom in panel.contig_lengths if chrom not in {"X", "Y", "MT"}])
        pos = rng.randint(reach[chrom] + 10_000, panel.contig_lengths[chrom] - 10)
        ref, alt = rng.choice([("A", "G"), ("C", "CTT"), ("GTA", "G"), ("T", "A,C")])
        entries = tuple(rng.choice(["0/0", "0/1", "1/1", "./."]) for _ in range(people))
        yield _Row(chrom, pos, ref, tuple(alt.split(",")), "", entries)
