"""What a worker answers to earlier reports: today's reports and the differences, or the differences alone."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO

from python_multipart.multipart import parse_options_header

from trdpgx.intake.problems import TOO_MANY_REPORTS
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError
from trdpgx.model.report import Report
from trdpgx.model.report_diff import ReportDiff
from trdpgx.pipeline import Service
from trdpgx.reannotation.diff.compare import compare
from trdpgx.reannotation.diff.page import page_with_reports, to_page
from trdpgx.reannotation.diff.text import to_text
from trdpgx.reannotation.document import OldReport, as_old, read_reports
from trdpgx.reannotation.problems import BAD_SIGNATURE, EARLIER_REPORTS_TOO_LARGE
from trdpgx.reannotation.reannotate import reannotate
from trdpgx.report.formats.json import to_json
from trdpgx.report.text.report import to_text as report_text
from trdpgx.service.form import MultipartForm, PartBuffer
from trdpgx.service.hello import FormatInfo

FORMATS = (
    FormatInfo(name="json", media_type="application/json", ending=".json", many=True),
    FormatInfo(name="ndjson", media_type="application/x-ndjson", ending=".ndjson", many=True),
    FormatInfo(name="text", media_type="text/plain", ending=".txt", many=True),
    FormatInfo(name="html", media_type="text/html", ending=".html", many=True),
)
"""The formats of the answer: ``json`` and ``ndjson`` hold report and differences, the others the differences, and the report on request."""
_LONGEST_SIGNATURE = 4_096

Check = Callable[[bytes, str | None], None]
"""Raises ``InputError`` unless the bytes have a valid signature, which is the second argument."""


def read_earlier(body: Iterable[bytes], content_type: str, limits: Limits, check: Check | None, signature: str | None) -> list[OldReport]:
    """Return the reports of a body, or of the part ``report`` of a form; they and their signature pass ``check`` where there is one.

    Raises ``InputError``, for a body that is too large before its end.
    """
    kind, parameters = parse_options_header(content_type)
    content = PartBuffer(limits.max_earlier_bytes, EARLIER_REPORTS_TOO_LARGE, f"The cap is {limits.max_earlier_bytes} bytes.")
    signed = PartBuffer(_LONGEST_SIGNATURE, BAD_SIGNATURE, f"A signature has at most {_LONGEST_SIGNATURE} characters.")
    if kind == b"multipart/form-data":
        form = MultipartForm(parameters.get(b"boundary", b""), {"report": content, "signature": signed}, required=("report",))
        for piece in body:
            form.feed(piece)
        form.finish()
    else:
        for piece in body:
            content(piece)
    if check is not None:
        check(bytes(content), signed.decode("ascii", "replace") or signature)
    reports: list[OldReport] = []
    for report in read_reports(BytesIO(content), limits.max_earlier_bytes):
        if len(reports) == limits.max_reports:
            raise InputError(TOO_MANY_REPORTS, f"The cap is {limits.max_reports} reports.")
        reports.append(report)
    return reports


def answer(service: Service, reports: Sequence[OldReport], form: str, *, with_report: bool) -> Iterator[bytes]:
    """Yield the body of an answer; ``with_report`` is for text and pages. Raises ``InputError`` where a report cannot be made again."""
    made = (_reannotated(service, old) for old in reports)
    if form == "json":
        yield from _json(made, several=len(reports) > 1)
    elif form == "ndjson":
        yield from (_pair(*one) + b"\n" for one in made)
    elif form == "html":
        pairs = list(made)
        diffs = [diff for _, diff in pairs]
        actions = service.knowledge.rulebook.actions
        yield (page_with_reports(diffs, [report for report, _ in pairs], actions) if with_report else to_page(diffs)).encode()
    else:
        for number, (report, diff) in enumerate(made):
            texts = [to_text([diff]), *([report_text(report)] if with_report else ())]
            yield ("\n" * bool(number) + "\n\n".join(texts)).encode()


def _reannotated(service: Service, old: OldReport) -> tuple[Report, ReportDiff]:
    report = reannotate(service, old)
    return report, compare(old, as_old(report))


def _json(made: Iterable[tuple[Report, ReportDiff]], *, several: bool) -> Iterator[bytes]:
    """Yield an object for one report and an array for several, as for the reports of a file."""
    before = b"[\n" if several else b""
    for one in made:
        yield before + _pair(*one)
        before = b",\n"
    yield b"\n]\n" if several else b"\n"


def _pair(report: Report, diff: ReportDiff) -> bytes:
    return b'{"report":' + to_json(report) + b',"diff":' + diff.model_dump_json().encode() + b"}"
