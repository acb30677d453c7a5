"""Find the assembly of the input from all evidence in it, and state that evidence.

Strong evidence: the lengths of contigs, RefSeq and GenBank accessions or an assembly in contig names, and the REF bases at panel sites of
both assemblies. Weak evidence: what header lines call the reference (a lifted file may keep an old line). Strong pieces must agree with
each other and with the option; weak ones decide only where there is nothing else.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from trdpgx.intake.genotypes.edits import agrees
from trdpgx.intake.genotypes.site_index import SiteIndex
from trdpgx.intake.problems import ASSEMBLY_CONFLICT, ASSEMBLY_UNKNOWN, ASSEMBLY_UNSUPPORTED
from trdpgx.intake.validate.record import Record
from trdpgx.intake.vcf.contigs import chromosomes_among, named_assemblies
from trdpgx.intake.vcf.header import Header
from trdpgx.model.genome import Assembly, Panel
from trdpgx.model.input import AssemblyEvidence, InputWarning
from trdpgx.model.options import AssemblyOption
from trdpgx.model.problem import InputError
from trdpgx.texts import phrase

_NAMES = {
    Assembly.GRCH37: re.compile(rb"grch37|hg19|hs37|\bb37\b|g1k_v37|GCF_000001405\.(?:13|25)\b|GCA_000001405\.(?:1|14)\b", re.IGNORECASE),
    Assembly.GRCH38: re.compile(
        rb"grch38|hg38|hs38|\bb38\b|GCF_000001405\.(?:2[6-9]|3[0-9]|40)\b|GCA_000001405\.(?:1[5-9]|2[0-9])\b", re.IGNORECASE
    ),
}
_OTHER_NAMES = re.compile(rb"hg18|ncbi36|\bb36\b|chm13|t2t|\bhs1\b|mm10|mm39|grcm3", re.IGNORECASE)
_OTHER_LENGTHS = {
    "NCBI36 (hg18)": {
        "1": 247249719, "2": 242951149, "3": 199501827, "4": 191273063, "5": 180857866, "6": 170899992, "7": 158821424, "8": 146274826,
        "9": 140273252, "10": 135374737, "11": 134452384, "12": 132349534, "13": 114142980, "14": 106368585, "15": 100338915,
        "16": 88827254, "17": 78774742, "18": 76117153, "19": 63811651, "20": 62435964, "21": 46944323, "22": 49691432,
    },
    "T2T-CHM13": {
        "1": 248387328, "2": 242696752, "3": 201105948, "4": 193574945, "5": 182045439, "6": 172126628, "7": 160567428, "8": 146259331,
        "9": 150617247, "10": 134758134, "11": 135127769, "12": 133324548, "13": 113566686, "14": 101161492, "15": 99753195,
        "16": 96330374, "17": 84276897, "18": 80542538, "19": 61707364, "20": 66210255, "21": 45090682, "22": 51324926,
    },
}  # fmt: skip


class Bases(Struct, frozen=True):
    """How many REF bases at panel sites agree with an assembly, of how many that were seen."""

    agree: int
    total: int

    @property
    def support(self) -> bool:
        """Whether they speak for the assembly: nearly all agree."""
        return self.agree >= 1 and self.agree >= 0.9 * self.total

    @property
    def contradict(self) -> bool:
        """Whether they speak against it: too many disagree for it to be chance."""
        return self.total - self.agree >= 2 and self.agree < 0.7 * self.total


class AssemblyDecision(Struct, frozen=True):
    """The assembly, what speaks for and against it, and what the reader should know about it."""

    assembly: Assembly
    evidence: tuple[AssemblyEvidence, ...]
    warnings: tuple[InputWarning, ...]


def count_bases(index: SiteIndex, records: Iterable[Record]) -> Bases:
    """Compare the REF of records with the panel's sequence; each site counts once."""
    seen: dict[str, bool] = {}
    for record in records:
        plain = index.plain.get(record[:4])
        if plain is not None:
            seen.setdefault(plain.site.id, True)
            continue
        pos, ref = record.pos, record.ref
        sites = index.touching(record.chrom, pos, pos + len(ref) - 1)
        for site in sites if sites and ref.strip("N") else ():
            if pos <= site.pos and site.id not in seen:
                seen[site.id] = agrees(pos, ref, site)
    return Bases(sum(seen.values()), len(seen))


def decide_assembly(
    option: AssemblyOption, header: Header, panels: Mapping[Assembly, Panel], bases: Mapping[Assembly, Bases], names: Iterable[bytes] = ()
) -> AssemblyDecision:
    """Return the assembly. ``names`` are those of the contigs that have records.

    Raises ``InputError`` if the evidence contradicts itself or the option, is missing, or names another one.
    """
    chosen = None if option is AssemblyOption.AUTO else Assembly(option.value)
    lengths = _count_lengths(header, {assembly.value: panel.contig_lengths for assembly, panel in panels.items()})
    _refuse_others(lengths)
    named = named_assemblies(header.contigs) | named_assemblies(names)
    measured = {assembly for assembly in panels if lengths[assembly.value]}
    read = _read_bases(bases)
    texts = {assembly for assembly, pattern in _NAMES.items() if any(map(pattern.search, (*header.assemblies, *header.references)))}

    stated = sum(header.contigs[name] is not None for name in chromosomes_among(header.contigs))
    findings = _Findings(lengths, stated, named, texts, bases)
    strong = measured | named | read
    against = {assembly for assembly in panels if bases[assembly].contradict}
    if chosen is None and len(strong) == 1:
        (chosen,) = strong
    elif chosen is None and not strong and len(texts) == 1:
        (chosen,) = texts
    if len(strong) > 1 or (chosen is not None and (strong - {chosen} or chosen in against)):
        raise InputError(ASSEMBLY_CONFLICT, _describe(option, findings))
    if chosen is None:
        if any(map(_OTHER_NAMES.search, (*header.assemblies, *header.references))):
            raise InputError(ASSEMBLY_UNSUPPORTED, "Header lines name another assembly than GRCh37 and GRCh38.")
        raise InputError(ASSEMBLY_UNKNOWN, "No contig length, header line or REF base at a panel site shows the assembly.")
    evidence = tuple(_evidence(option, chosen, findings))
    return AssemblyDecision(chosen, evidence, _warnings(chosen, texts, strong))


def _count_lengths(header: Header, tables: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Return for each assembly how many chromosomes have its length in the header."""
    counts = dict.fromkeys((*tables, *_OTHER_LENGTHS), 0)
    for name, chrom in chromosomes_among(header.contigs).items():
        length = header.contigs[name]
        if length is None:
            continue
        for assembly, table in (*tables.items(), *_OTHER_LENGTHS.items()):
            counts[assembly] += table.get(chrom) == length
    return counts


def _refuse_others(lengths: Mapping[str, int]) -> None:
    ours = sum(lengths[assembly] for assembly in Assembly if assembly in lengths)
    for name in _OTHER_LENGTHS:
        if lengths[name] > ours:
            raise InputError(ASSEMBLY_UNSUPPORTED, f"{lengths[name]} of the contig lengths are those of {name}.")


def _read_bases(bases: Mapping[Assembly, Bases]) -> set[Assembly]:
    """Return the assembly that the REF bases speak for. Where both have a few that agree, one needs three times as many."""
    supported = sorted(((found.agree, assembly) for assembly, found in bases.items() if found.support), reverse=True)
    if len(supported) == 1 or (len(supported) > 1 and supported[0][0] >= 3 * supported[1][0]):
        return {supported[0][1]}
    return set()


class _Findings(Struct, frozen=True):
    """What was seen: matching contig lengths (of ``stated``), accessions, header lines, and REF bases."""

    lengths: Mapping[str, int]
    stated: int
    named: set[Assembly]
    texts: set[Assembly]
    bases: Mapping[Assembly, Bases]

    def about(self, assembly: Assembly) -> Iterator[tuple[str, str]]:
        """Yield kind and text of each piece that bears on an assembly."""
        name, lengths, bases = assembly.value, self.lengths.get(assembly.value), self.bases[assembly]
        if lengths:
            yield "contig_length", phrase("assembly_evidence.contig_length", lengths=lengths, stated=self.stated, assembly=name)
        if assembly in self.named:
            yield "contig_name", phrase("assembly_evidence.contig_name", assembly=name)
        if assembly in self.texts:
            yield "header_line", phrase("assembly_evidence.header_line", assembly=name)
        if bases.total:
            yield "reference_bases", phrase("assembly_evidence.reference_bases", agree=bases.agree, total=bases.total, assembly=name)


def _evidence(option: AssemblyOption, chosen: Assembly, findings: _Findings) -> Iterator[AssemblyEvidence]:
    if option is not AssemblyOption.AUTO:
        yield AssemblyEvidence(kind="option", assembly=chosen, text=phrase("assembly_evidence.option", assembly=chosen.value))
    for assembly in findings.bases:
        for kind, text in findings.about(assembly):
            if kind != "reference_bases" or assembly is chosen or findings.bases[assembly].support:
                yield AssemblyEvidence(kind=kind, assembly=assembly, text=text)


def _warnings(chosen: Assembly, texts: set[Assembly], strong: set[Assembly]) -> tuple[InputWarning, ...]:
    if texts and (chosen not in texts or (not strong and texts != {chosen})):
        text = phrase("warnings.assembly_header_disagrees", assembly=chosen.value)
        return (InputWarning(code="assembly_header_disagrees", text=text),)
    return ()


def _describe(option: AssemblyOption, findings: _Findings) -> str:
    parts = [] if option is AssemblyOption.AUTO else [phrase("assembly_evidence.option", assembly=option.value)]
    return " ".join((*parts, *(text for assembly in findings.bases for _, text in findings.about(assembly))))
