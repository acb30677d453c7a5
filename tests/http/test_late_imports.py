"""A confined worker cannot import: what any golden input needs has been imported before, as ``Tasks`` and the supervisor do."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = """
import sys
from tests.golden.cases import cases
from trdpgx import Service
from trdpgx.calling.precompute import precompute
from trdpgx.report.format_registry import served_formats
from trdpgx.service.example import example_report
from trdpgx.service.tasks import Tasks

def written(reports):
    for one in served_formats().values():
        b"".join(one.with_knowledge(service.knowledge).answer(reports))

service = Service()
precompute(service.knowledge.reference)
service.loaded.complete()
written([example_report(service)])
Tasks(service)
before = set(sys.modules)
for case in cases():
    written(case.reports(service)[:1])
print(sorted(set(sys.modules) - before))
"""


def test_no_golden_input_needs_a_module_that_is_not_there() -> None:
    shown = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout == "[]\n"
