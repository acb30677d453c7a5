"""The records of the annotated VCF as a table, with a row for each record and sample."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from urllib.parse import unquote

from trdpgx.model.genome import Assembly
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.report import Report
from trdpgx.report.tables.column import Column, ReportTable, Value
from trdpgx.report.vcf.header import FORMAT, INFO
from trdpgx.report.vcf.records import VcfRecords

Fields = Mapping[str, str]
"""The fields of one record and sample by their names in a VCF, as they are written; what is missing is not there."""
_FIXED = ("CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER")


def _text(key: str) -> Callable[[Fields], Value]:
    return lambda fields: unquote(fields[key]) if key in fields else None


def _texts(key: str, separator: str = ",") -> Callable[[Fields], Value]:
    return lambda fields: tuple(map(unquote, fields[key].split(separator))) if key in fields else ()


def _whole(key: str) -> Callable[[Fields], Value]:
    return lambda fields: int(fields[key]) if key in fields else None


def _column_of(key: str, number: str, about: str) -> Column[Fields]:
    """Return the column of a field of INFO or FORMAT of ours, under its name without ``TRDPGX_``."""
    name = key.removeprefix("TRDPGX_").lower()
    if number == "0":
        return Column(name, "boolean", about, lambda fields: key in fields)
    many = number == "."
    return Column(name, "texts" if many else "text", about, _texts(key) if many else _text(key), null="" if many else "the record has none")


COLUMNS: tuple[Column[Fields], ...] = (
    Column("chrom", "text", "chromosome, as files of this assembly name it most often", _text("CHROM")),
    Column("pos", "integer", "position, 1-based", _whole("POS")),
    Column("id", "texts", "rs numbers", _texts("ID", ";")),
    Column("ref", "text", "reference bases", _text("REF")),
    Column("alt", "texts", "other alleles", _texts("ALT")),
    Column(
        "qual", "number", "QUAL of the input", lambda fields: float(fields["QUAL"]) if "QUAL" in fields else None, null="the input has none"
    ),
    Column("filter", "texts", "FILTER of the input", _texts("FILTER", ";")),
    *(_column_of(key, number, about) for key, (number, about) in INFO.items()),
    *(
        Column("ps", "integer", about, _whole(key), null="the record has none") if key == "PS" else _column_of(key, number, about)
        for key, (number, _, about) in FORMAT.items()
    ),
)
ABOUT = "one row a record of the annotated VCF and sample"


def records_table(reference: ReferenceLibrary) -> ReportTable[Fields]:
    """Return the table; the reference is that with which the reports were made."""
    return ReportTable("records", ABOUT, COLUMNS, partial(_records, reference))


def _records(reference: ReferenceLibrary, report: Report) -> Iterator[Fields]:
    records = VcfRecords(reference, reference.panels[Assembly(report.input.assembly)])
    records.add(report)
    for line in records.lines():
        *fixed, info, names, entry = line.decode().rstrip("\n").split("\t")
        stated = dict(zip(_FIXED, fixed, strict=True))
        for one in info.split(";"):
            key, _, value = one.partition("=")
            if key in INFO:
                stated[key] = value
        stated |= zip(names.split(":"), entry.split(":"), strict=False)
        yield {key: value for key, value in stated.items() if value != "."}
