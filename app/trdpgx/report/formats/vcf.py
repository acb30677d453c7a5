"""The report as an annotated VCF, which other tools read and a laboratory can archive: read again, it gives the same calls."""

from collections.abc import Iterable, Iterator

from trdpgx.model.genome import Assembly
from trdpgx.model.library import Knowledge
from trdpgx.model.report import Report
from trdpgx.report.format_registry import ReportFormat


def write(reports: Iterable[Report], *, knowledge: Knowledge) -> Iterator[bytes]:
    """Yield the VCF of the samples of one input, and nothing for no report. Genotypes of all samples are in memory, and no report is."""
    from trdpgx.report.vcf.header import header  # noqa: PLC0415 (as in formats/fhir.py)
    from trdpgx.report.vcf.records import VcfRecords  # noqa: PLC0415

    first, records = None, None
    for report in reports:
        if records is None:
            first = report
            panel = knowledge.reference.panels[Assembly(report.input.assembly)]
            records = VcfRecords(knowledge.reference, panel)
        records.add(report)
    if records is not None and first is not None:
        yield ("\n".join(header(first, panel, records.samples)) + "\n").encode()
        yield from records.lines()


FORMAT = ReportFormat(
    name="vcf",
    media_type="text/x-vcf",
    ending=".vcf",
    about="an annotated VCF of the panel's sites and coding variants, of one input",
    many=True,
    one_input=True,
    write_with_knowledge=write,
    schema={"type": "string", "description": "A VCF 4.3."},
)
