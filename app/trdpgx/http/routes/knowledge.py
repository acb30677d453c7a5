"""The read-only addresses under ``/v1``: rules, genes, drugs, and the schemas of reports and of a clinical context."""

from collections.abc import Mapping
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from trdpgx.http.conditional import check_etag, version_headers
from trdpgx.http.encoded import constant_response
from trdpgx.http.forward import forward
from trdpgx.http.query import refuse_repeated
from trdpgx.http.state import pool_of
from trdpgx.model.report_schema import report_schema
from trdpgx.service.schemas import DrugAnswer, DrugList, GeneAnswer, GeneList, RuleAnswer, RuleFilter, RuleList


class SchemaResponse(JSONResponse):
    """An answer that is a JSON Schema."""

    media_type = "application/schema+json"


router = APIRouter(prefix="/v1", tags=["knowledge"], dependencies=[Depends(check_etag)])


@router.get("/rules", operation_id="list_rules", summary="List the rules", response_model=RuleList)
async def list_rules(request: Request, wanted: Annotated[RuleFilter, Query()]) -> Response:
    """List the rules, all or those of a gene, a drug, a domain or a source."""
    refuse_repeated(request)
    return await _ask(request, "rules", filter=wanted.model_dump(mode="json"))


@router.get("/rules/{rule_id}", operation_id="get_rule", summary="Show one rule", response_model=RuleAnswer)
async def get_rule(request: Request, rule_id: str) -> Response:
    """Show one rule in full, with its evidence, its file and its line."""
    return await _ask(request, "rule", name=rule_id)


@router.get("/genes", operation_id="list_genes", summary="List the genes", response_model=GeneList)
async def list_genes(request: Request) -> Response:
    """List every gene of the panel."""
    return await _ask(request, "genes")


@router.get("/genes/{gene}", operation_id="get_gene", summary="Show one gene", response_model=GeneAnswer)
async def get_gene(request: Request, gene: str) -> Response:
    """Show the positions of the genome that are examined for a gene, the alleles that they can show, and what these mean."""
    return await _ask(request, "gene", name=gene)


@router.get("/drugs", operation_id="list_drugs", summary="List the drugs", response_model=DrugList)
async def list_drugs(request: Request) -> Response:
    """List every drug that the rules know, and which rules are about it."""
    return await _ask(request, "drugs")


@router.get("/drugs/{drug}", operation_id="get_drug", summary="Show one drug", response_model=DrugAnswer)
async def get_drug(request: Request, drug: str) -> Response:
    """Show one drug and which rules are about it."""
    return await _ask(request, "drug", name=drug)


@router.get(
    "/schema/report",
    operation_id="get_report_schema",
    summary="Show the JSON Schema of a report",
    response_model=dict[str, object],
    response_class=SchemaResponse,
)
def get_report_schema(request: Request) -> Response:
    """Show the JSON Schema (draft 2020-12) of a report."""
    return _schema(request, report_schema())


@router.get(
    "/schema/context",
    operation_id="get_context_schema",
    summary="Show the JSON Schema of a clinical context",
    response_model=dict[str, object],
    response_class=SchemaResponse,
)
def get_context_schema(request: Request) -> Response:
    """Show the JSON Schema (draft 2020-12) of the part `context`, with the conditions that it can name."""
    return _schema(request, pool_of(request).hello.context_schema)


def _schema(request: Request, schema: Mapping[str, Any]) -> Response:
    return constant_response(request, orjson.dumps(schema), SchemaResponse.media_type, version_headers(pool_of(request).hello.knowledge))


async def _ask(request: Request, task: str, **more: Any) -> Response:
    """Have a worker answer."""
    return await forward(request, {"task": task, **more}, None, **version_headers(pool_of(request).hello.knowledge))
