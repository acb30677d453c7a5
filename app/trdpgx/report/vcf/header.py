"""The header of an annotated VCF (VCF 4.3, section 1.4), and how values are written in its fields (section 1.2)."""

import re
from collections.abc import Iterator, Sequence

from trdpgx.model.genome import Assembly, Panel
from trdpgx.model.report import Report

_RESERVED = re.compile(r"[%:;=,\x00-\x20\x7f]")
INFO = {
    "TRDPGX_GENE": (".", "Genes that the record is about"),
    "TRDPGX_SITE": (".", "Sites of the panel, as in the report's genotypes"),
    "TRDPGX_DEFINES": (".", "Named alleles that have another base here than GRCh38"),
    "TRDPGX_EFFECT_ALLELE": (".", "Effect allele of a variant that is reported as a genotype, on the plus strand"),
    "TRDPGX_HGVS_C": (".", "HGVS descriptions on the transcript"),
    "TRDPGX_HGVS_P": (".", "HGVS descriptions on the protein; in parentheses, predictions"),
    "TRDPGX_CONSEQUENCE": (".", "Sequence Ontology terms, the most severe first"),
    "TRDPGX_IMPACT": (".", "Impact classes of VEP"),
    "TRDPGX_UNDEFINED": ("0", "The record may change the function of a pharmacogene and no named allele is defined by it"),
}
FORMAT = {
    "GT": ("1", "String", "Genotype as the input shows it; missing where it shows none, never assumed"),
    "PS": ("1", "Integer", "Phase set"),
    "FT": ("1", "String", "PASS, or refused by the filter or the quality of the input"),
    "TRDPGX_STATE": ("1", "String", "State of the site: called, no_call, covered_reference or absent"),
    "TRDPGX_REASON": ("1", "String", "Why a record of the input gives no genotype"),
    "TRDPGX_CALL": (".", "String", "Diplotypes that are left of the gene; missing where nothing was called"),
    "TRDPGX_PHENOTYPE": ("1", "String", "Phenotype of the gene by CPIC; missing where it is open or was not called"),
}
_REPORT = "Records are what calling took from the input; what a site without a row in it is stays missing"


def encoded(text: str) -> str:
    """Return a text for one value of a field: what separates fields and values as ``%`` and two hexadecimal digits."""
    return _RESERVED.sub(lambda match: f"%{ord(match[0]):02X}", text)


def contig(assembly: Assembly, chrom: str) -> str:
    """Return a chromosome as files of this assembly name it most often."""
    return f"chr{'M' if chrom == 'MT' else chrom}" if assembly is Assembly.GRCH38 else chrom


def header(report: Report, panel: Panel, samples: Sequence[str]) -> Iterator[str]:
    """Yield the lines of the header; ``report`` is any of the reports."""
    knowledge = report.knowledge
    yield "##fileformat=VCFv4.3"
    yield f"##source={report.software.name} {report.software.version}"
    yield f"##reference={report.input.assembly}"
    yield f"##trdpgxRules={knowledge.rules_release} {knowledge.rules_digest}"
    yield f"##trdpgxReference={knowledge.reference_release} {knowledge.reference_digest}"
    yield f"##trdpgxInputSha256={report.input.sha256}"
    if report.input.name is not None:
        # A value that begins with an angle bracket would be read as fields.
        yield f"##trdpgxInputName={report.input.name.replace('%', '%25').replace('<', '%3C')}"
    yield f"##trdpgxNote={_REPORT}."
    yield f"##trdpgxDisclaimer={' '.join(report.disclaimer.split())}"
    yield '##FILTER=<ID=PASS,Description="All filters passed">'
    for chrom, length in panel.contig_lengths.items():
        yield f"##contig=<ID={contig(panel.assembly, chrom)},length={length},assembly={panel.assembly.value}>"
    for key, (number, about) in INFO.items():
        yield f'##INFO=<ID={key},Number={number},Type={"Flag" if number == "0" else "String"},Description="{about}">'
    if report.basis is not None:
        for key, field in report.basis.info.items():
            about = field.description.replace("\\", "\\\\").replace('"', '\\"')
            yield f'##INFO=<ID={key},Number={field.number},Type=String,Description="{about}">'
    for key, (number, kind, about) in FORMAT.items():
        yield f'##FORMAT=<ID={key},Number={number},Type={kind},Description="{about}">'
    yield "\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *samples))
