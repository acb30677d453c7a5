"""Downloaded definitions compared with a reference: what is new, what has changed, and the rows that a new folder has instead.

Nothing is removed: an allele that the files do not have is kept and named. An allele that means the same keeps its row as it is.
"""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from trdpgx.knowledge.definitions.downloaded import DefinitionError, DownloadedAllele, DownloadedGene, DownloadedSite
from trdpgx.model.gene import GeneDefinition, NamedAllele
from trdpgx.model.genome import Assembly, PanelSite
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.nucleotides import IUPAC

_UNKNOWN = "Unknown function"
Change = tuple[str, str]
"""Gene and allele, and what is different in plain words."""


class Merge(Struct):
    """What one gene's files change. ``bases`` is keyed by allele and site id, ``functions`` by allele."""

    gene: str
    source: str
    new_sites: list[DownloadedSite] = field(default_factory=list)
    new_alts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Alleles that a known site gets in addition, by site id."""
    new_alleles: list[str] = field(default_factory=list)
    bases: dict[str, dict[str, str]] = field(default_factory=dict)
    """New and changed alleles, and the reference allele where it gets sites."""
    functions: dict[str, tuple[str, float | None]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    """The difference in plain words."""


def merge(downloaded: DownloadedGene, reference: ReferenceLibrary) -> Merge:
    """Compare one gene's files with the reference. Raises ``DefinitionError`` where REF or the reference allele do not agree."""
    gene = downloaded.gene
    definition = reference.genes.get(gene)
    if definition is None:
        raise DefinitionError(f"{downloaded.file.name}: {gene} is no gene with named alleles of the reference; it can be left out")
    made = Merge(gene, downloaded.version)
    own = {site.pos: site for site in _sites(definition, reference)}
    _merge_sites(downloaded, own, made)
    theirs = next(allele for allele in downloaded.alleles if allele.is_reference)
    ours = definition.alleles[0]
    if theirs.name != ours.name:
        raise DefinitionError(f"{downloaded.file.name}: the reference allele of {gene} is {theirs.name}, and ours is {ours.name}")
    ids = {pos: site.id for pos, site in own.items()} | {site.pos: f"{gene}:{site.pos}" for site in made.new_sites}
    alleles = {allele.name: allele for allele in definition.alleles}
    _check_reference(downloaded, theirs, ours, own)
    if made.new_sites:
        made.bases[ours.name] = {**ours.bases, **{ids[site.pos]: theirs.bases[site.pos] for site in made.new_sites}}
    for allele in downloaded.alleles:
        if allele.is_reference:
            continue
        spelled = {ids[pos]: base for pos, base in allele.bases.items() if base != theirs.bases[pos]}
        if allele.name not in alleles:
            made.new_alleles.append(allele.name)
            made.bases[allele.name] = spelled
            made.lines.append(f"{gene} {allele.name}: new; {_words(spelled)}")
        elif difference := list(_differences(alleles[allele.name], allele, downloaded, definition, own)):
            made.bases[allele.name] = spelled
            made.lines.append(f"{gene} {allele.name}: another definition; {'; '.join(difference)}")
    _merge_functions(downloaded, alleles, made)
    named = {allele.name for allele in downloaded.alleles} | set(downloaded.left_out)
    kept = [allele.name for allele in definition.alleles if allele.callable and allele.name not in named]
    if kept:
        made.lines.append(f"{gene}: not in the files, and kept: {', '.join(kept)}")
    return made


def _sites(definition: GeneDefinition, reference: ReferenceLibrary) -> Iterator[PanelSite]:
    panel = reference.sites[Assembly.GRCH38]
    yield from (panel[identifier] for identifier in definition.sites)


def _merge_sites(downloaded: DownloadedGene, own: Mapping[int, PanelSite], made: Merge) -> None:
    for site in downloaded.sites:
        ours = own.get(site.pos)
        if ours is None:
            made.new_sites.append(site)
            rsid = f" ({site.rsid})" if site.rsid else ""
            made.lines.append(f"{downloaded.gene}:{site.pos}{rsid}: new site, {site.ref} to {', '.join(site.alts)}")
            continue
        if ours.ref != site.ref:
            raise DefinitionError(
                f"{downloaded.file.name}: {downloaded.gene} {site.pos} has REF {site.ref}, and the reference has {ours.ref}; "
                "the file may be of another assembly, or spell the site otherwise"
            )
        added = tuple(alt for alt in site.alts if alt not in ours.alts)
        if added:
            made.new_alts[ours.id] = added
            made.lines.append(f"{ours.id}: one more allele, {', '.join(added)}")


def _check_reference(downloaded: DownloadedGene, theirs: DownloadedAllele, ours: NamedAllele, own: Mapping[int, PanelSite]) -> None:
    for pos, site in own.items():
        base, mine = theirs.bases.get(pos), ours.bases[site.id]
        if base is not None and base != mine and not (mine in IUPAC and base in {site.ref, *IUPAC[mine]}):
            raise DefinitionError(
                f"{downloaded.file.name}: the reference allele {theirs.name} of {downloaded.gene} has {base} at {pos}, and ours has {mine}"
            )


def _differences(
    ours: NamedAllele, theirs: DownloadedAllele, downloaded: DownloadedGene, definition: GeneDefinition, own: Mapping[int, PanelSite]
) -> Iterator[str]:
    """Yield the sites at which an allele means something else."""
    reference = next(allele for allele in downloaded.alleles if allele.is_reference)
    for pos in sorted({*own, *reference.bases}):
        site = own.get(pos)
        blank = definition.alleles[0].bases[site.id] if site else reference.bases[pos]
        mine = ours.bases.get(site.id, blank) if site else blank
        base = theirs.bases.get(pos) or reference.bases.get(pos) or blank
        same = base == mine or (mine in IUPAC and (base == blank or (not downloaded.exact and base in IUPAC[mine])))
        if not same or (downloaded.exact and pos in reference.bases and mine in IUPAC and site and site.id in ours.bases and base != mine):
            yield f"{pos} {mine} to {base}"


def _merge_functions(downloaded: DownloadedGene, alleles: Mapping[str, NamedAllele], made: Merge) -> None:
    stated = {**downloaded.functions}
    stated.update({one.name: (one.function, one.activity) for one in downloaded.alleles if one.function is not None})
    for name in made.new_alleles:
        made.functions[name] = _word(stated.get(name, (_UNKNOWN, None)))
    for name, (function, activity) in stated.items():
        mine = alleles.get(name)
        if mine is None:
            if name not in made.new_alleles:
                made.lines.append(f"{downloaded.gene} {name}: has a function and no definition in the files; not taken")
            continue
        word, value = _word((function, activity))
        if (mine.function, mine.activity) != (word, value):
            made.functions[name] = (word, value)
            made.lines.append(f"{downloaded.gene} {name}: {_function(mine.function, mine.activity)} to {_function(word, value)}")


def _word(stated: tuple[str, float | None]) -> tuple[str, float | None]:
    function, activity = stated
    return function, None if function in {_UNKNOWN, "Uncertain function"} else activity


def _function(word: str, value: float | None) -> str:
    return word if value is None else f"{word} ({value:g})"


def _words(bases: Mapping[str, str]) -> str:
    return ", ".join(f"{site} {base}" for site, base in bases.items()) or "no base of its own"


def order_of(names: Sequence[str]) -> list[str]:
    """Return alleles in the order of their numbers."""
    return sorted(names, key=lambda name: (int("".join(filter(str.isdigit, name)) or 0), name))
