"""Generated VCFs go the whole pipeline: each gives a report for each of its samples, or is refused for a reason that is documented.

hypothesis-vcf 0.1.0 works with the locked hypothesis. It draws one contig and no symbolic allele, so its records are also moved onto the
panel here, and ``vcf_strategies`` draws what it does not.
"""

import gzip
import io

from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from hypothesis_vcf import vcf

from trdpgx.model.genome import Assembly
from trdpgx.model.options import Options
from trdpgx.model.problem import InputError
from trdpgx.pipeline import Service
from trdpgx.service.catalogue import WORKER_PROBLEMS as PROBLEMS

from .effort import SOAK, effort
from .vcf_strategies import SITES, vcfs

EXAMPLES = effort(50, 5_000)
OPTIONS = Options(assembly=Assembly.GRCH38)
EVERY = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=not SOAK,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""What fails is small as it is; to make it smaller would take minutes."""
DRAWN = vcf(max_variants=4, max_samples=3).filter(lambda text: "\tFORMAT\t" in text)


def go(service: Service, data: bytes) -> str | None:
    """Return the problem, or nothing where there were reports, one a sample and each of them complete."""
    try:
        result = service.read(io.BytesIO(data), OPTIONS)
        reports = list(service.reports(result, OPTIONS))
    except InputError as error:
        problem = error.problem.type.removeprefix("/problems/")
        event(problem)
        assert problem in PROBLEMS
        return problem
    assert [report.input.sample for report in reports] == [sample.sample for sample in result.samples]
    assert all(len(report.model_dump_json()) > 10_000 for report in reports)
    return None


@EVERY
@given(data=vcfs(), packed=st.booleans())
def test_whatever_vcf_allows_is_reported_on(data: bytes, packed: bool, service: Service) -> None:
    """REF is drawn at random beside the sites, so that the assembly may come into doubt."""
    assert go(service, gzip.compress(data) if packed else data) in {None, "assembly_conflict"}


@EVERY
@given(text=DRAWN)
def test_what_hypothesis_vcf_draws(text: str, service: Service) -> None:
    assert go(service, text.encode()) in {None, "bad_position", "unknown_contigs"}


@EVERY
@given(text=DRAWN, data=st.data())
def test_the_same_moved_onto_the_panel(text: str, data: st.DataObject, service: Service) -> None:
    lines = []
    for line in text.split("\n"):
        row = line.split("\t")
        if len(row) > 8 and not line.startswith("#"):
            site = data.draw(st.sampled_from(SITES))
            row[:2] = f"chr{site.chrom}", str(site.pos)
            row[3] = data.draw(st.sampled_from((site.ref, row[3])))
        lines.append("\t".join(row))
    assert go(service, "\n".join(lines).encode()) in {None, "assembly_conflict"}


def test_a_stop_that_no_allele_has_beside_a_known_variant_of_its_codon(service: Service) -> None:
    """Found by the strategies here. The service once answered 500 to it."""
    header = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n"
    rows = "chr10\t94942254\t.\tA\tT\t.\tPASS\t.\tGT\t0/1\nchr10\t94942255\t.\tG\tA\t.\tPASS\t.\tGT\t0/1\n"
    assert go(service, (header + rows).encode()) is None
