"""``python -m validation.fhir [FILE]...``: check Bundles. Without a FILE, test the checker on the examples of the guide."""

import json
import sys
from pathlib import Path

from validation.fhir.base import check_invariants, check_structure
from validation.fhir.checker import check
from validation.fhir.guide import Guide, GuideMissingError, Json, fetch


def faults(guide: Guide, resource: Json, elsewhere: dict[str, Json] | None = None) -> list[str]:
    """Return all faults of a resource."""
    return [*check_structure(resource), *map(str, check(guide, resource, elsewhere)), *check_invariants(guide, resource)]


def main() -> int:
    """Print the faults of each file, or of each example, and return 1 where there are any."""
    try:
        guide = Guide.load(fetch())
    except GuideMissingError as error:
        print(f"skipped: {error}")
        return 0
    named: dict[str, Json] = {name: json.loads(Path(name).read_bytes()) for name in sys.argv[1:]}
    count = 0
    for name, resource in (named or dict(guide.examples)).items():
        for fault in faults(guide, resource, dict(guide.examples) if not named else None):
            print(f"{name}: {fault}")
            count += 1
    print(f"{len(named or guide.examples)} checked, {count} faults")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
