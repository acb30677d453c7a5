"""Resolve references, to the entry of a Bundle with that address or to an example of the guide by ``Type/id``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from validation.fhir.guide import Json

_RELATIVE = re.compile(r"([A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64})(?:/_history/.*)?$")


@dataclass(frozen=True)
class Resolver:
    """Finds what a reference leads to: in the Bundle, and else among other resources by ``Type/id``."""

    by_url: Mapping[str, Json] = field(default_factory=dict)
    elsewhere: Mapping[str, Json] = field(default_factory=dict)

    @classmethod
    def of(cls, resource: Json, elsewhere: Mapping[str, Json]) -> "Resolver":
        """Return the resolver for a resource: one of its own for a Bundle."""
        entries = resource.get("entry", []) if resource.get("resourceType") == "Bundle" else []
        return cls({entry["fullUrl"]: entry.get("resource", {}) for entry in entries if "fullUrl" in entry}, elsewhere)

    def find(self, reference: str) -> Json | None:
        """Return the resource, or ``None`` where nothing has this address."""
        if reference in self.by_url:
            return self.by_url[reference]
        relative = _RELATIVE.search(reference)
        if relative is None:
            return None
        ending = f"/{relative[1]}"
        inside = (one for url, one in self.by_url.items() if url.endswith(ending))
        return next(inside, None) or self.elsewhere.get(relative[1])
