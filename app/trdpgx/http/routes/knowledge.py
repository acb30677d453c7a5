"""The read-only addresses under ``/v1``: rules, genes, drugs, and the schema of reports."""

from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from trdpgx.http import presenters as views
from trdpgx.http.conditional import check_etag, version_headers
from trdpgx.http.schemas import DrugAnswer, DrugList, GeneAnswer, GeneList, RuleAnswer, RuleList
from trdpgx.http.state import service_of
from trdpgx.report.formats.json import report_schema


class SchemaResponse(JSONResponse):
    """An answer that is a JSON Schema."""

    media_type = "application/schema+json"


router = APIRouter(prefix="/v1", tags=["knowledge"], dependencies=[Depends(check_etag)])


@router.get("/rules", operation_id="list_rules", summary="List the rules")
def list_rules(request: Request, wanted: Annotated[views.RuleFilter, Query()]) -> RuleList:
    """List the rules, all or those of a gene, a drug, a domain or a source."""
    return views.rules(service_of(request).knowledge, wanted)


@router.get("/rules/{rule_id}", operation_id="get_rule", summary="Show one rule")
def get_rule(request: Request, rule_id: str) -> RuleAnswer:
    """Show one rule in full, with its evidence and where it stands in the files."""
    return _found(views.rule(service_of(request).knowledge, rule_id))


@router.get("/genes", operation_id="list_genes", summary="List the genes")
def list_genes(request: Request) -> GeneList:
    """List every gene that reports speak of."""
    return views.genes(service_of(request).knowledge)


@router.get("/genes/{gene}", operation_id="get_gene", summary="Show one gene")
def get_gene(request: Request, gene: str) -> GeneAnswer:
    """Show which places on the genome are looked at for a gene, which alleles they can show, and what those mean."""
    return _found(views.gene(service_of(request).knowledge, gene))


@router.get("/drugs", operation_id="list_drugs", summary="List the drugs")
def list_drugs(request: Request) -> DrugList:
    """List every drug that the rules know, and which rules are about it."""
    return views.drugs(service_of(request).knowledge)


@router.get("/drugs/{drug}", operation_id="get_drug", summary="Show one drug")
def get_drug(request: Request, drug: str) -> DrugAnswer:
    """Show one drug and which rules are about it."""
    return _found(views.drug(service_of(request).knowledge, drug))


@router.get(
    "/schema/report",
    operation_id="get_report_schema",
    summary="Show the JSON Schema of a report",
    response_model=dict[str, object],
    response_class=SchemaResponse,
)
def get_report_schema(request: Request) -> Response:
    """Show the JSON Schema (draft 2020-12) that every report keeps."""
    return SchemaResponse(report_schema(), headers=version_headers(service_of(request).knowledge))


_T = TypeVar("_T")


def _found(answer: _T | None) -> _T:
    if answer is None:
        raise HTTPException(404)
    return answer
