"""No input has a module imported that the first one did not need: a confined worker can open no file, so it could not."""

import subprocess
import sys

SCRIPT = """
import io, sys
from itertools import islice
from performance.generate import cohort, genome, gvcf
from tests.security.test_costs import COSTS, SITE, vcf
from trdpgx.model.options import Options
from trdpgx.pipeline import Service

with Service() as service:
    def report(data, **options):
        chosen = Options(**options)
        result = service.read(io.BytesIO(data), chosen)
        return [report.model_dump_json() for report in islice(service.reports(result, chosen), 3)]

    inputs = [b"".join(lines) for lines in (genome(2_000), gvcf(2_000), cohort(500, 20))]  # reads the reference's own files
    report(vcf(SITE, 1))
    before = set(sys.modules)
    for absent in ("missing", "reference"):
        for rows, samples, status, _ in COSTS.values():
            if status == 200 and samples < 100:
                report(vcf(rows, samples), absent=absent)
        for data in inputs:
            report(data, absent=absent, combinations=True, all_candidates=True)
    print(*sorted(set(sys.modules) - before))
"""


def test_no_input_imports_a_module() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
