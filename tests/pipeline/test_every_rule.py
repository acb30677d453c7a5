"""Rules are found by what a person's calls meet: none that holds may be missed, and nothing of a person may stay with what is shared."""

import io
import re
from pathlib import Path

import pytest

from trdpgx import Options, Report, Service
from trdpgx.calling.outside_calls.files import read_outside_calls
from trdpgx.reasoning.explanation import explain
from trdpgx.report.formats.json import to_json

EXAMPLE = (Path(__file__).parents[2] / "examples" / "synthetic.vcf").read_bytes()
CALLS = b"gene\tdiplotype\tphenotype\ttool\nCYP2D6\t*1/*2x2\t\tCyrius\nCYP2C19\t\tpoor\ttool\nHLA-B\t\t*15:02 negative\ttyping\n"


def report(service: Service, content: bytes, chosen: Options, outside: bytes | None = None) -> Report:
    result = service.read(io.BytesIO(content), chosen)
    (only,) = service.reports(result, chosen, read_outside_calls(outside) if outside else ())
    return only


def thinned(keep: int) -> bytes:
    """Return the example with one record of so many, so that genes have several diplotypes, or none."""
    lines = EXAMPLE.splitlines(keepends=True)
    header = [line for line in lines if line.startswith(b"#")]
    return b"".join(header + [line for line in lines if not line.startswith(b"#")][::keep])


@pytest.mark.parametrize("outside", [None, CALLS], ids=["alone", "with outside calls"])
@pytest.mark.parametrize("absent", ["missing", "reference"])
@pytest.mark.parametrize("keep", [1, 2, 3, 7, 40])
def test_every_rule_that_holds_is_in_the_report_once_and_in_order(service: Service, keep: int, absent: str, outside: bytes | None) -> None:
    found = report(service, thinned(keep), Options.model_validate({"absent": absent}), outside)
    answers = [explain(rule, found.genes, found.variants, found.rare_variants) for rule in service.knowledge.rulebook.rules]
    holding = [answer.rule.id for answer in answers if answer.verdict != "does not fire"]
    unseen = {c.rule_id for c in found.considerations if c.basis.only_if_hidden}
    assert [c.rule_id for c in found.considerations] == sorted(holding, key=lambda rule: rule in unseen)
    assert [c.id for c in found.considerations] == [f"C{number:03d}" for number in range(1, len(found.considerations) + 1)]


def test_what_one_person_carries_leaves_the_next_report_as_it_was(service: Service) -> None:
    def written(content: bytes, chosen: Options) -> bytes:
        return re.sub(rb'"(report_id|created_at)":"[^"]*"', b"", to_json(report(service, content, chosen)))

    sparse = thinned(40)
    alone = written(sparse, Options())
    report(service, EXAMPLE, Options.model_validate({"ancestry": "east_asian", "absent": "reference"}), CALLS)
    assert written(sparse, Options()) == alone
