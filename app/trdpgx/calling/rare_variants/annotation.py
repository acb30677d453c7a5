"""What other tools annotated about an allele: VEP's ``CSQ``, SnpEff's ``ANN`` and the ``BCSQ`` of ``bcftools csq``.

The order of the fields is read from the header's description, never assumed. VEP can be set to write ``ANN``: which tool it was is
recognised by the names of the fields.
"""

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from trdpgx.model.edit import shared
from trdpgx.model.region import InfoDefinition, RegionRecord
from trdpgx.model.transcript import Transcript

_MISSING = frozenset({"", "."})
_LONGEST_ENTRY = 20_000
"""VEP with every plugin writes some thousands of characters about one allele and transcript."""


class Format(Struct, frozen=True):
    """The names of the fields of an annotation, in lower case and in order, and the tool that writes such names."""

    tool: str
    names: tuple[str, ...]


class Annotation(Struct, frozen=True):
    """What one tool wrote of one allele and one transcript. ``terms`` are as the tool writes them; ``fields`` holds all it wrote.

    ``same_transcript`` is false where the tool did not annotate the MANE transcript, and this is another one of the gene.
    """

    tool: str
    transcript: str
    same_transcript: bool
    terms: tuple[str, ...]
    impact: str | None = None
    hgvs_c: str | None = None
    hgvs_p: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


def format_of(key: str, description: str) -> Format | None:
    """Return the fields that a header's description names; ``None`` where it names none."""
    listed = description.rpartition("ormat:")[2] if "ormat:" in description else description.partition(":")[2]
    names = tuple(re.sub(r"[\s'\"\[\]]", "", name).lower() for name in listed.split("|"))
    if len(names) < 3:
        return None
    if key == "BCSQ":
        return Format("bcftools csq", names)
    return Format("SnpEff" if "annotation" in names else "VEP", names)


def formats_of(definitions: Mapping[str, InfoDefinition]) -> dict[str, Format]:
    """Return the fields of each annotation that a header defines, by INFO key; worked out once for an input."""
    layouts = {key: format_of(key, definitions[key].description) for key in ("CSQ", "ANN", "BCSQ") if key in definitions}
    return {key: layout for key, layout in layouts.items() if layout is not None}


def annotations(record: RegionRecord, formats: Mapping[str, Format], alt_index: int, transcript: Transcript) -> tuple[Annotation, ...]:
    """Return the annotation of one ALT by each tool: on the MANE transcript, else on another transcript of the gene."""
    result = []
    for key, layout in formats.items():
        if key in record.info:
            entries = (_entry(layout, text) for text in _texts(record.info[key]))
            chosen = _chosen((entry for entry in entries if _of_allele(layout, entry, record, alt_index)), transcript)
            if chosen is not None:
                result.append(_annotation(layout, chosen, transcript))
    return tuple(result)


def entries_of(record: RegionRecord, key: str, layout: Format, transcripts: Iterable[Transcript]) -> tuple[str, ...]:
    """Return the entries, as written and in their order, that ``annotations`` chooses for an ALT of a record on any of the transcripts."""
    texts = _texts(record.info[key])
    entries = [_entry(layout, text) for text in texts]
    chosen: set[int] = set()
    for transcript in transcripts:
        for index in range(len(record.alts)):
            one = _chosen((entry for entry in entries if _of_allele(layout, entry, record, index)), transcript)
            chosen.update(at for at, entry in enumerate(entries) if entry is one)
    return tuple(texts[at] for at in sorted(chosen))


def _texts(value: str) -> list[str]:
    """Return the entries of an annotation as written; those longer than any tool writes are left out."""
    return [text for text in value.split(",") if len(text) <= _LONGEST_ENTRY]


def _entry(layout: Format, text: str) -> dict[str, str]:
    """Return the fields of one entry by name; those that are missing are left out."""
    return {name: value for name, value in zip(layout.names, text.split("|"), strict=False) if value not in _MISSING}


def _of_allele(layout: Format, entry: Mapping[str, str], record: RegionRecord, alt_index: int) -> bool:
    """Whether an entry is about an ALT. Tools spell alleles in their own ways; a record with one ALT needs no spelling."""
    if len(record.alts) == 1:
        return True
    if "allele_num" in entry:
        return entry["allele_num"] == str(alt_index + 1)
    alt = record.alts[alt_index]
    if layout.tool == "bcftools csq":
        return entry.get("dna_change", "").rpartition(">")[2] == alt
    return entry.get("allele") in _spellings(record.ref, alt)


def _spellings(ref: str, alt: str) -> set[str]:
    """Return how an ALT may be written: as it is, without a first base that it shares with REF, and without all that they share."""
    spelled = {alt}
    if ref[:1] == alt[:1]:
        spelled.add(alt[1:] or "-")
    before = shared(ref, alt)
    ref, alt = ref[before:], alt[before:]
    return spelled | {alt[: len(alt) - shared(ref[::-1], alt[::-1])] or "-"}


def _chosen(entries: Iterable[Mapping[str, str]], transcript: Transcript) -> Mapping[str, str] | None:
    """Return the entry of the MANE transcript, else the first of the gene; one entry is looked at at a time, as there may be many."""
    names = {transcript.gene, transcript.symbol}
    of_gene = None
    for entry in entries:
        if _is_own(entry, transcript):
            return entry
        if of_gene is None and names & {entry.get("symbol"), entry.get("gene_name"), entry.get("gene")}:
            of_gene = entry
    return of_gene


def _is_own(entry: Mapping[str, str], transcript: Transcript) -> bool:
    """Whether an entry is about the MANE transcript, whatever its version."""
    accessions = {transcript.ensembl.partition(".")[0], transcript.refseq.partition(".")[0]}
    return _transcript_name(entry).partition(".")[0] in accessions


def _transcript_name(entry: Mapping[str, str]) -> str:
    """Return the transcript that an entry names, under each tool's own name for it."""
    return entry.get("feature") or entry.get("feature_id") or entry.get("transcript") or ""


def _annotation(layout: Format, entry: Mapping[str, str], transcript: Transcript) -> Annotation:
    """Put one annotation together from the tool's own field names."""
    consequence = entry.get("consequence") or entry.get("annotation") or ""
    return Annotation(
        tool=layout.tool,
        transcript=_transcript_name(entry),
        same_transcript=_is_own(entry, transcript),
        terms=tuple(consequence.lstrip("*").split("&")) if consequence else (),
        impact=entry.get("impact") or entry.get("annotation_impact"),
        hgvs_c=entry.get("hgvsc") or entry.get("hgvs.c"),
        hgvs_p=(entry.get("hgvsp") or entry.get("hgvs.p") or entry.get("amino_acid_change") or "").replace("%3D", "=") or None,
        fields=dict(entry),
    )
