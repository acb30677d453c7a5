"""The tasks of a worker: reports of an upload, re-annotations, the knowledge, and the examples of the OpenAPI description."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from itertools import chain, islice
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel

from trdpgx.calling.outside_calls.files import adapters
from trdpgx.clinical.schema import context_schema
from trdpgx.intake.scan.native import library
from trdpgx.knowledge.rules.schema.conditions import ConditionFile
from trdpgx.model.clinical_context import ClinicalContext
from trdpgx.model.library import Knowledge
from trdpgx.model.options import Options
from trdpgx.model.problem import InputError
from trdpgx.model.report import Report
from trdpgx.model.report_diff import ReportDiff
from trdpgx.pipeline import Service
from trdpgx.reannotation.diff.page import template
from trdpgx.reannotation.diff.text import to_text
from trdpgx.reannotation.document import ReportFacts
from trdpgx.report.format_registry import ReportFormat, report_formats, served_formats
from trdpgx.report.selection import shortened
from trdpgx.service import presenters
from trdpgx.service.catalogue import WORKER_PROBLEMS
from trdpgx.service.confinement import Confinement
from trdpgx.service.connection import Connection
from trdpgx.service.encoding import compress, compressed, content_digest
from trdpgx.service.example import example_reannotation, example_report, examples
from trdpgx.service.example_data import cut
from trdpgx.service.hello import FormatInfo, Hello
from trdpgx.service.info_schemas import KnowledgeInfo, SandboxInfo
from trdpgx.service.logs import location_of
from trdpgx.service.problems import DUPLICATE_PART, NOT_ACCEPTABLE, NOT_FOUND
from trdpgx.service.reannotations import FORMATS, answer, read_earlier
from trdpgx.service.schemas import RuleFilter
from trdpgx.service.upload import read_upload

_LISTS = ("genes", "genotypes", "variants", "rare_variant_genes", "considerations", "drugs", "looked_at", "limitations")
"""Lists of a report that an example as text has two items of."""
_LONGEST_EXAMPLE = 60_000
"""A longer example is left out: a page would double the description."""

_IMPORTED_LATE = (
    *("encodings.utf_8_sig", "encodings.idna", "numpy.char", "numpy.ma", "numpy.rec", "numpy.strings"),
    *("concurrent.futures.thread", "trdpgx.intake.decompress.zstandard", "trdpgx.intake.no_genome"),
    *("trdpgx.calling.outside_calls.precedence", "trdpgx.clinical.resolve", "trdpgx.reasoning.context_side"),
)
"""Modules that are imported only when a function first needs them: for few requests, and some of the standard library and of numpy."""


class Tasks:
    """Does requests. The head of each names its ``task``."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._shown: Mapping[str, Callable[[dict[str, Any]], BaseModel | None]] = {
            "rules": lambda head: presenters.rules(service.knowledge, RuleFilter.model_validate(head["filter"])),
            "rule": lambda head: presenters.rule(service.knowledge, head["name"]),
            "genes": lambda _: presenters.genes(service.knowledge),
            "gene": lambda head: presenters.gene(service.knowledge, head["name"]),
            "drugs": lambda _: presenters.drugs(service.knowledge),
            "drug": lambda head: presenters.drug(service.knowledge, head["name"]),
        }
        self._check = _signature_check(service.settings.trusted_keys)
        # A confined worker cannot import or read files, so that everything it may need is loaded here.
        report_formats()
        adapters()
        for name in _IMPORTED_LATE:
            import_module(name)
        list(service.knowledge.rulebook.clinical)  # its files are parsed and checked when the first is used
        ClinicalContext.model_validate({})
        template()
        for model in (ReportFacts, ReportDiff):
            model.model_rebuild()

    def __call__(self, connection: Connection) -> None:
        """Do one request. Raises ``InputError`` where it cannot be answered."""
        head = connection.head()
        task = head["task"]
        if task == "reports":
            self._make_reports(connection, head)
        elif task == "reannotations":
            self._make_reannotations(connection, head)
        elif task == "examples":
            _send(connection, head, orjson.dumps(_examples(self._service)))
        else:
            shown = self._shown[task](head)
            if shown is None:
                raise InputError(NOT_FOUND, presenters.no_such(self._service.knowledge, task, head["name"]))
            _send(connection, head, shown.model_dump_json(by_alias=True).encode())

    def _make_reports(self, connection: Connection, head: dict[str, Any]) -> None:
        options = Options.model_validate(head["options"])
        upload = read_upload(connection.body(), head["content_type"], self._service, options)
        if upload.context.ancestry is not None:
            options = options.copy_with(ancestry=upload.context.ancestry)
        if head["input_name"] and upload.result.facts.name:
            raise InputError(DUPLICATE_PART, "`input_name` is in the query as well.")
        result = upload.result.named(head["input_name"])
        patient = self._service.patient(upload.context)
        samples = len(result.samples)
        chosen = _choose(head["formats"], samples).with_knowledge(self._service.knowledge)
        pieces = chosen.answer(self._service.reports(result, options, upload.outside, upload.targets, patient=patient))
        counts = {"samples": samples, "records": result.facts.records}
        _send_reports(connection, head, pieces, chosen.media_type, several=samples != 1, **counts)

    def _make_reannotations(self, connection: Connection, head: dict[str, Any]) -> None:
        earlier = read_earlier(connection.body(), head["content_type"], self._service.limits, self._check, head["signature"])
        form = head["formats"][0]
        media_type = next(one.media_type for one in FORMATS if one.name == form)
        pieces = answer(self._service, earlier, form, with_report=head["with_report"])
        _send_reports(connection, head, pieces, media_type, several=len(earlier) != 1)


def _signature_check(path: Path | None) -> Callable[..., None] | None:
    """Return what checks signatures by the operator's keys, ``None`` where there are none. The keys are read before any request."""
    if path is None:
        return None
    from trdpgx.reannotation.signature import check_of  # noqa: PLC0415 (few operators have such keys)

    return check_of(path)


def _choose(names: Iterable[str], samples: int) -> ReportFormat:
    """Return the first of these formats that can hold the reports of so many samples. Raises ``InputError``."""
    acceptable = [served_formats()[name] for name in names]
    chosen = next((one for one in acceptable if one.many or samples == 1), None)
    if chosen is None:
        listed = ", ".join(one.name for one in acceptable)
        raise InputError(NOT_ACCEPTABLE, f"The input has {samples} samples, and {listed} holds one report: name one with `sample`.")
    return chosen


def _send(connection: Connection, head: Mapping[str, Any], content: bytes, media_type: str = "application/json", **counts: int) -> None:
    """Send an answer that is whole, in the encoding that the head names."""
    sent, encoding = compress(content, head.get("encoding"))
    status = {"type": media_type, "length": len(sent), "encoding": encoding, "digest": content_digest(sent), **counts}
    connection.answer(status, (sent,))


def _send_reports(
    connection: Connection, head: Mapping[str, Any], pieces: Iterator[bytes], media_type: str, *, several: bool, **counts: int
) -> None:
    """Send one report whole; several as they are made, the first before the status, so that its problem has a status of its own."""
    if not several:
        _send(connection, head, b"".join(pieces), media_type, **counts)
        return
    pieces = chain((next(pieces),), pieces)
    encoding = head.get("encoding")
    status = {"type": media_type, "length": None, "encoding": encoding, **counts}
    connection.answer(status, pieces if encoding is None else compressed(pieces, encoding))


def hello(service: Service, confinement: Confinement) -> Hello:
    """Return the message about the knowledge to the HTTP process."""
    knowledge = service.knowledge
    return Hello(
        knowledge=KnowledgeInfo(
            rules_release=knowledge.rulebook.release,
            rules_digest=knowledge.rulebook.digest,
            reference_release=knowledge.reference.release,
            reference_digest=knowledge.reference.digest,
            evidence_policy=knowledge.rulebook.policy,
        ),
        formats=[
            FormatInfo(name=one.name, media_type=one.media_type, ending=one.ending, many=one.many) for one in served_formats().values()
        ],
        diff_formats=FORMATS,
        local_formats=[one.name for one in report_formats().values() if not one.served],
        kinds=list(WORKER_PROBLEMS.values()),
        sandbox=SandboxInfo(**confinement._asdict()),
        context_schema=context_schema(knowledge.rulebook.clinical.of(ConditionFile)),
        scanner="python" if library() is None else "compiled",
    )


def _examples(service: Service) -> dict[str, Any]:
    """Return an example of each model by its name, and of each format by its media type, lists cut to two items."""
    report = example_report(service)
    different = to_text([example_reannotation(service, report).diff])
    faults: list[str] = []
    formats = dict(_answers(report, service.knowledge, faults))
    return {"models": examples(service, report), "formats": formats, "faults": faults, "diff_text": different}


def _answers(report: Report, knowledge: Knowledge, faults: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    studies = {code: cited[:1] for code, cited in islice(report.limitation_studies.items(), 1)}
    of_entries = {entry: cited[:1] for entry, cited in islice(report.looked_at_studies.items(), 1)}
    cited = {"limitation_studies": studies, "looked_at_studies": of_entries}
    short = shortened(report, {name: getattr(report, name)[:2] for name in _LISTS} | cited)
    for one in (served.with_knowledge(knowledge) for served in served_formats().values()):
        try:
            example = _answer(one, report, short)
        except Exception as error:
            faults.append(f"{one.name}: {location_of(error)}")
            example = {}
        yield one.media_type, {"schema": one.schema, **example}


def _answer(one: ReportFormat, report: Report, short: Report) -> dict[str, Any]:
    """Return the example of a format: JSON of the whole report, cut, and any other text of the short one, if it is not long."""
    if one.media_type.partition("+")[2] == "json" or one.media_type == "application/json":
        return {"example": cut(orjson.loads(b"".join(one.answer([report]))))}
    text = b"".join(one.answer([short])).decode()
    return {"example": text} if len(text) <= _LONGEST_EXAMPLE else {}
