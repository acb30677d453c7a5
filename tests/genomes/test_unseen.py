"""A site whose own record states nothing usable stays unseen, whatever a record that reaches over it states."""

import pytest

from tests.yardstick import at_most
from trdpgx.model.genome import SiteState
from trdpgx.model.options import Options
from validation.pipeline import Pipeline

DELETION = "GCACATCCGGATGTAGGATC"
SITE = "CYP2D6:42127852"
HEADER = """##fileformat=VCFv4.3
##contig=<ID=chr22,length=50818468>
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS
"""


def state(pipeline: Pipeline, *rows: str) -> tuple[str, str | None]:
    vcf = HEADER + "".join("\t".join(["chr22", *row.split(" ")]) + "\n" for row in rows)
    (sample,) = pipeline.read(vcf.encode(), Options()).samples
    call = sample.calls[SITE]
    return call.state.value, call.reason.value if call.reason else None


@pytest.mark.parametrize("over", [f"42127845 . {DELETION} G . PASS . GT", f"42127845 . {DELETION} G,<NON_REF> . PASS . GT"])
@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ("42127852 . C T . PASS . GT ./.", ("no_call", "missing")),
        ("42127852 . C T . PASS . GT 0/.", ("no_call", "half_call")),
        ("42127852 . C T . q10 . GT 0/1", ("no_call", "filtered")),
        ("42127852 . A T . PASS . GT 0/1", ("no_call", "ref_mismatch")),
        ("42127852 . C T . PASS . GT 0/1/1", ("no_call", "ploidy")),
        ("42127852 . C T . PASS . GT 0/1", ("called", None)),
    ],
)
def test_a_deletion_that_is_not_there_does_not_speak_for_a_site_inside_it(
    pipeline: Pipeline, over: str, own: str, expected: tuple[str, str | None]
) -> None:
    assert state(pipeline, f"{over} 0/0", own) == expected


def test_a_deletion_without_alt_does_not_contradict_a_base_change_inside_it(pipeline: Pipeline) -> None:
    assert state(pipeline, f"42127845 . {DELETION} . . PASS . GT 0/0", "42127852 . C T . PASS . GT 0/1") == ("called", None)


def test_a_deletion_does_not_show_the_base_of_a_site_without_a_record_of_its_own(pipeline: Pipeline) -> None:
    assert state(pipeline, f"42127845 . {DELETION} G . PASS . GT 0/1") == (SiteState.ABSENT, None)


def test_the_length_of_a_block_costs_nothing(pipeline: Pipeline) -> None:
    """A block may claim a whole chromosome; that is a few bytes of text and must not be a bill."""
    with at_most(40):
        assert state(pipeline, "1 . N <NON_REF> . PASS END=50000000 GT 0/0") == ("covered_reference", None)
