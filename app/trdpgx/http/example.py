"""The examples in the description of the service: a small genome of nobody, and the report that this very service makes of it."""

from collections.abc import Iterable, Iterator
from io import BytesIO

from pydantic import BaseModel

from trdpgx.http import presenters as views
from trdpgx.http import service_info as about
from trdpgx.http.problems.examples import example_problem
from trdpgx.http.problems.kinds import PROBLEMS
from trdpgx.http.problems.statuses import problem_type
from trdpgx.http.schemas import ProblemList, Status
from trdpgx.model.options import AbsentOption, Options
from trdpgx.model.report import Report
from trdpgx.pipeline import Service

GENOME = b"""\
##fileformat=VCFv4.2
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##contig=<ID=chr10,length=133797422>
##contig=<ID=chr11,length=135086622>
##contig=<ID=chr22,length=50818468>
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tSYNTHETIC
chr10\t94781859\trs4244285\tG\tA\t.\tPASS\t.\tGT\t0/1
chr11\t27658369\trs6265\tC\tT\t.\tPASS\t.\tGT\t0/1
chr22\t42128945\trs3892097\tC\tT\t.\tPASS\t.\tGT\t0/0
"""
"""Three records of a person who does not exist, GRCh38."""
ODD_GENOME = b"""\
##fileformat=VCFv4.2
##INFO=<ID=gnomAD_AF,Number=A,Type=Float,Description="Allele frequency in gnomAD">
##INFO=<ID=CSQ,Number=.,Type=String,Description="Ensembl VEP. Format: Allele|Consequence|IMPACT|SYMBOL|Feature|HGVSc|HGVSp">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##contig=<ID=chr1,length=248956422>
##contig=<ID=chr10,length=133797422>
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tSYNTHETIC
chr1\t158936917\t.\tA\tG\t.\tPASS\tgnomAD_AF=0.0001;CSQ=G|missense_variant|MODERATE|PYHIN1|NM_152501.5|c.7A>G|p.Asn3Asp\tGT\t0|1
chr1\t158936918\t.\tA\tG\t.\tPASS\tgnomAD_AF=0.0001\tGT\t0|1
chr10\t94761900\trs12248560\tC\tT\t.\tPASS\t.\tGT\t0|1
chr10\t94781859\trs4244285\tG\tA\t.\tPASS\t.\tGT\t0|1

"""
"""A synthetic genome with rare features: two changes of one codon, a haplotype that no named allele has, a blank line."""

_SHOWN = 2


def example_report(service: Service, genome: bytes = GENOME, options: Options | None = None) -> Report:
    """Return the report that this service makes of ``genome``."""
    options = options or Options()
    return next(service.reports(service.read(BytesIO(genome), options), options))


def examples(service: Service, report: Report) -> dict[str, object]:
    """Return an example of each model that this service answers with, by the name of the model; long lists are cut to two items."""
    knowledge = service.knowledge
    rules = views.rules(knowledge, views.RuleFilter())
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
        ProblemList(problems=tuple(problem_type(kind) for kind in PROBLEMS.values())),
        example_problem("wrong_column_count", service.limits, service.settings),
        about.limits(service),
        about.service_info(service, "https://trdpgx.example/docs"),
        Status(status="ready"),
    ]
    found: dict[str, object] = {}
    for root in roots:
        for model in _models(root):
            found.setdefault(
                type(model).model_config.get("title") or type(model).__name__, cut(model.model_dump(mode="json", by_alias=True))
            )
    return found


def cut(value: object) -> object:
    """Return the value with every list in it cut to two items."""
    if isinstance(value, dict):
        return {key: cut(member) for key, member in value.items()}
    if isinstance(value, list):
        return [cut(member) for member in value[:_SHOWN]]
    return value


def _models(value: object) -> Iterator[BaseModel]:
    """Yield the value and every model in it, from the outside in."""
    members: Iterable[object] = ()
    if isinstance(value, BaseModel):
        yield value
        members = (getattr(value, name) for name in type(value).model_fields)
    elif isinstance(value, dict):
        members = value.values()
    elif isinstance(value, tuple | list):
        members = value
    for member in members:
        yield from _models(member)
