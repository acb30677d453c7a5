"""The examples in the OpenAPI description: what this service answers about a small synthetic genome and about its knowledge."""

import json
from io import BytesIO

from pydantic import BaseModel

from trdpgx.model.options import AbsentOption, Options
from trdpgx.model.outside import OutsideCall
from trdpgx.model.report import Report
from trdpgx.model.report_diff import Reannotation
from trdpgx.pipeline import Service
from trdpgx.reannotation.diff.compare import compare
from trdpgx.reannotation.document import OldReport, ReportFacts, as_old
from trdpgx.reannotation.reannotate import reannotate
from trdpgx.report.formats.json import to_json
from trdpgx.service import presenters
from trdpgx.service.example_data import GENOME, ODD_GENOME, shown_by_name
from trdpgx.service.schemas import RuleFilter

_MADE_UP = "0" * 64
"""The digest of a release that does not exist."""
_DUPLICATION = b"chr22\t42123000\t.\tN\t<DUP>\t.\tPASS\tSVTYPE=DUP;END=42131000\tGT:CN\t0/1:3\n"
_OUTSIDE = OutsideCall(gene="CYP2D6", diplotype="*1/*4", tool="Cyrius 1.1.1")


def example_report(service: Service, genome: bytes = GENOME, options: Options | None = None) -> Report:
    """Return the report that this service makes of ``genome``."""
    options = options or Options()
    return next(service.reports(service.read(BytesIO(genome), options), options))


def example_reannotation(service: Service, report: Report) -> Reannotation:
    """Return the re-annotation of ``report``, altered as if an earlier release had made it."""
    document = json.loads(to_json(report))
    document["knowledge"].update(
        rules_release="2025.4", rules_digest=_MADE_UP, reference_release="2025.9", reference_digest=_MADE_UP, rules_layers=[]
    )
    first, second, third, *rest = document["considerations"]
    second["text"] = "What an earlier release stated."
    third["source"]["year"] -= 5
    document["considerations"] = [second, third, *rest, {**first, "rule_id": "a-rule-of-then"}]
    call = next(gene for gene in document["genes"] if gene["diplotypes"])
    call["diplotypes"][0]["functions"] = ["Uncertain function" for _ in call["diplotypes"][0]["functions"]]
    earlier = OldReport(ReportFacts.model_validate(document), document)
    made = reannotate(service, earlier)
    return Reannotation(report=made, diff=compare(earlier, as_old(made)))


def examples(service: Service, report: Report) -> dict[str, object]:
    """Return an example of each model that this service answers with, by the name of the model; long lists are cut to two items."""
    knowledge = service.knowledge
    rules = presenters.rules(knowledge, RuleFilter())
    genes = presenters.genes(knowledge)
    drugs = presenters.drugs(knowledge)
    roots: list[BaseModel | None] = [
        report,
        example_report(service, ODD_GENOME, Options(combinations=True)),
        example_report(service, GENOME, Options(absent=AbsentOption.REFERENCE)),
        rules,
        *(presenters.rule(knowledge, rule.id) for rule in rules.rules),
        genes,
        *(presenters.gene(knowledge, gene.gene) for gene in genes.genes),
        drugs,
        *drugs.drugs,
        example_reannotation(service, report),
        next(service.reports(service.read(BytesIO(GENOME + _DUPLICATION), Options()), Options(), (_OUTSIDE,))),
    ]
    return shown_by_name(roots)
