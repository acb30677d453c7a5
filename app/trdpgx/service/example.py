"""The examples in the description of the service: the report that this very service makes of a small genome, and the knowledge."""

from io import BytesIO

from pydantic import BaseModel

from trdpgx.model.options import AbsentOption, Options
from trdpgx.model.report import Report
from trdpgx.pipeline import Service
from trdpgx.service import presenters as views
from trdpgx.service.example_data import GENOME, ODD_GENOME, shown_by_name
from trdpgx.service.schemas import RuleFilter


def example_report(service: Service, genome: bytes = GENOME, options: Options | None = None) -> Report:
    """Return the report that this service makes of ``genome``."""
    options = options or Options()
    return next(service.reports(service.read(BytesIO(genome), options), options))


def examples(service: Service, report: Report) -> dict[str, object]:
    """Return an example of each model that this service answers with, by the name of the model; long lists are cut to two items."""
    knowledge = service.knowledge
    rules = views.rules(knowledge, RuleFilter())
    genes = views.genes(knowledge)
    drugs = views.drugs(knowledge)
    roots: list[BaseModel | None] = [
        report,
        example_report(service, ODD_GENOME, Options(combinations=True)),
        example_report(service, GENOME, Options(absent=AbsentOption.REFERENCE)),
        rules,
        *(views.rule(knowledge, rule.id) for rule in rules.rules),
        genes,
        *(views.gene(knowledge, gene.gene) for gene in genes.genes),
        drugs,
        *drugs.drugs,
    ]
    return shown_by_name(roots)
