"""The committed OpenAPI description, and which differences from it would break a client.

``python -m tests.http.openapi_snapshot`` writes it again.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

SNAPSHOT = Path(__file__).parents[1] / "cases" / "openapi.json"
_KEPT = ("properties", "paths", "content", "$defs", "schemas")
"""Fields whose keys a client uses by name, so that it breaks where one is missing."""


def without_examples(node: Any, inside: str = "") -> Any:
    """Return a description without its examples, which change with every rule. A field that happens to be called so stays."""
    if isinstance(node, Mapping):
        named = inside in _KEPT
        return {key: without_examples(value, key) for key, value in node.items() if named or key not in {"example", "examples"}}
    return [without_examples(item) for item in node] if isinstance(node, list) else node


def text_of(description: Mapping[str, Any]) -> str:
    """Return a description as it is committed."""
    return json.dumps(without_examples(description), indent=1, ensure_ascii=False) + "\n"


def breaks(old: Any, new: Any, where: str = "") -> Iterator[str]:
    """Yield what a client that was made for the old description may miss in the new one."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _breaks_of_mapping(old, new, where)
    elif where.endswith("/enum") and isinstance(old, list):
        yield from (f"{where}: {value!r} is gone" for value in old if value not in new)
    elif where.endswith("/required") and isinstance(old, list):
        yield from (f"{where}: {name} is no longer always there" for name in old if name not in new)
    elif where.endswith("/parameters") and isinstance(old, list):
        yield from breaks({one["name"]: one for one in old}, {one["name"]: one for one in new}, f"{where}/properties")
    elif where.endswith(("/type", "/$ref", "/const", "/format")) and old != new:
        yield f"{where}: {old!r} is now {new!r}"


def _breaks_of_mapping(old: Mapping[str, Any], new: Mapping[str, Any], where: str) -> Iterator[str]:
    named = where.rpartition("/")[2] in _KEPT
    for key, value in old.items():
        if key in new:
            yield from breaks(value, new[key], f"{where}/{key}")
        elif named or key in {"type", "get", "post"}:
            yield f"{where}/{key} is gone"
    if "type" in new and "type" not in old and not named and ("anyOf" in old or "$ref" in old):
        yield f"{where}: another type"


def main() -> int:
    """Write the snapshot again, unless a client would break and the version is still the same."""
    from tests.http.application import open_client  # noqa: PLC0415 (the tests of `breaks` need no service)

    with open_client() as client:
        description = client.get("/openapi.json").json()
    old = json.loads(SNAPSHOT.read_text("utf-8")) if SNAPSHOT.exists() else description
    found = list(breaks(old, without_examples(description)))
    if found and old["info"]["version"] == description["info"]["version"]:
        sys.stderr.write("\n".join([*found, "A client would break: give the project another version, or keep what was there.\n"]))
        return 1
    SNAPSHOT.write_text(text_of(description), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
