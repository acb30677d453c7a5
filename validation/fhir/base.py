"""Check a resource by R4: structure and primitive formats with fhirkit, invariants with fhirpathpy."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import fhirkit
from fhirpathpy import compile as compile_path
from fhirpathpy.models import models

from validation.fhir.guide import Guide, Json

_BUNDLE = {
    "bdl-1": "total.empty() or (type = 'searchset') or (type = 'history')",
    "bdl-7": "(type = 'history') or entry.where(fullUrl.exists()).select(fullUrl & resource.meta.versionId).isDistinct()",
    "bdl-8": "entry.fullUrl.where(contains('/_history/')).empty()",
}
_EXTENSION = {"ext-1": "extension.all(extension.exists() != value.exists())"}
_NOT_EVALUATED = frozenset({"dom-3"})
"""It asks for ``as(canonical)``, which fhirpathpy does not have; a Bundle of ours contains no resources within resources."""


def check_structure(resource: Json) -> list[str]:
    """Return what fhirkit finds: elements, types and primitive formats of R4."""
    return [f"{issue.path}: {issue.message}" for issue in fhirkit.validate(json.dumps(resource))]


def check_invariants(guide: Guide, resource: Json) -> list[str]:
    """Return the invariants that a resource breaks: those of the root of each profile that it claims, of extensions and of Bundles."""
    return [*_broken(guide, resource, resource.get("resourceType", "?"))]


def _broken(guide: Guide, resource: Json, path: str) -> Iterator[str]:
    if resource.get("resourceType") == "Bundle":
        yield from _evaluated(_BUNDLE, resource, path)
        for number, entry in enumerate(resource.get("entry", [])):
            yield from _broken(guide, entry.get("resource", {}), f"{path}.entry[{number}]")
        return
    for url in resource.get("meta", {}).get("profile", []):
        if url in guide.profiles:
            yield from _evaluated(_root_constraints(guide, url), resource, path)
    for extension in _extensions(resource):
        yield from _evaluated(_EXTENSION, {"resourceType": "Basic", "extension": [extension]}, f"{path}, an extension")


def _root_constraints(guide: Guide, url: str) -> dict[str, str]:
    profile = guide.profiles[url]
    listed = profile.elements[profile.type].get("constraint", [])
    return {one["key"]: one["expression"] for one in listed if one["severity"] == "error" and one["key"] not in _NOT_EVALUATED}


def _extensions(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield from value.get("extension", [])
        for part in value.values():
            yield from _extensions(part)
    elif isinstance(value, list):
        for part in value:
            yield from _extensions(part)


def _evaluated(expressions: dict[str, str], resource: Json, path: str) -> Iterator[str]:
    for key, expression in expressions.items():
        if _compiled(expression)(resource, {"resource": resource}) != [True]:
            yield f"{path}: breaks {key}"


@cache
def _compiled(expression: str) -> Callable[[Json, Json], list[Any]]:
    made: Callable[[Json, Json], list[Any]] = compile_path(expression, models["r4"])
    return made
