"""What a few kilobytes may cost over HTTP: a few seconds of CPU and 100 MB of memory and of answer each, or a cap refuses them."""

import gzip
import time

import pytest

from tests.http.servers import Server
from tests.yardstick import at_most
from trdpgx.knowledge.load import load_knowledge
from trdpgx.model.genome import Assembly

from .conftest import cpu_seconds, memory

WORK, BYTES = 120, 100 * 2**20
"""How many times the fixed work each may cost, about 3 s of CPU on a machine of 2025, and how many bytes."""
CONTIGS = "".join(f"##contig=<ID=chr{name},length={length}>\n" for name, length in (("10", 133797422), ("22", 50818468)))
CAP = 50
"""TRDPGX_MAX_REPORTS as it is by default."""


def vcf(rows: str, samples: int) -> bytes:
    """Return a file, gzipped. A row holds CHROM to FORMAT and the value of every sample, with spaces between."""
    columns = "\t".join(["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *(f"S{n}" for n in range(samples))])
    lines = []
    for row in rows.splitlines():
        *fixed, value = row.split(" ")
        lines.append("\t".join([*fixed, *[value] * samples]))
    return gzip.compress("\n".join([f"##fileformat=VCFv4.2\n{CONTIGS}{columns}", *lines, ""]).encode())


SITE = "chr10 94781859 . G A . PASS . GT 0/1"
KEYS = SITE.replace("GT ", f"GT:{':'.join(f'K{n}' for n in range(5_000))}:CN ")
DELETIONS = "\n".join(f"chr22 {42120000 + n} . N <DEL> . PASS SVTYPE=DEL;END={42140000 + n} GT:CN 0/1:1" for n in range(400))
PANEL = load_knowledge(None, ()).reference.panels[Assembly.GRCH38]
ROWS = [
    f"chr{site.chrom} {site.pos} . {site.ref} {site.alts[0]} . PASS . GT 0/1"
    for site in sorted((site for site in PANEL.sites if not site.is_indel), key=lambda site: (site.chrom, site.pos))[:20]
    for _ in range(160)
]
EVERY_BASE = "\n".join(f"chr22 {42126400 + n % 4600} . N {'ACGT'[n % 4]} . . . GT 0/1" for n in range(10_000))
SUBSTITUTION = f"chr22 42126400 . {'A' * 1_000_000} {'C' * 1_000_000} . PASS . GT 0/1"
ALTS = ("A" + "ACGT" * 3_000 + "".join("ACGT"[n // 4**digit % 4] for digit in range(5)) for n in range(999))
LONG_ALTS = f"chr22 42126600 . A {','.join(ALTS)} . . . GT 0/1"
INSERTION = f"chr22 42126600 . A {'ACGT' * 2_000_000} . PASS . GT 0/1"
COSTS = {
    "samples at the cap": (SITE, CAP, 200, ""),
    "samples over the cap": (SITE, CAP + 1, 413, ""),
    "300 samples of which 50 are chosen": (SITE, 300, 200, "?" + "&".join(f"sample=S{n}" for n in range(CAP))),
    "5,000 samples of which one is chosen": (SITE, 5_000, 200, "?sample=S4999"),
    "5,000 samples that leave out all but the first of 5,000 keys": (KEYS, 5_000, 200, "?sample=S4999"),
    "400 deletions over a gene": (DELETIONS, CAP, 200, ""),
    "records over the panel for every sample": ("\n".join(ROWS), CAP, 413, ""),
    "an insertion of 8 million bases into an exon": (INSERTION, 1, 200, ""),
    "20,000 records at one position": ("\n".join([SITE] * 20_000), 1, 413, ""),
    "10,000 records at all bases of a gene": (EVERY_BASE, 1, 200, ""),
    "a substitution of a million bases": (SUBSTITUTION, 1, 200, ""),
    "999 ALTs of 12,000 bases": (LONG_ALTS, 1, 200, ""),
    "rows without a genotype": ("\n".join(["chr10 5 . A C . PASS . GT ./."] * 100_000), 1, 200, "?absent=reference"),
}  # fmt: skip
"""By name: rows, samples, the status that is answered, and the query."""


@pytest.mark.parametrize("name", COSTS)
def test_a_few_kilobytes_are_cheap(server: Server, name: str) -> None:
    rows, samples, status, query = COSTS[name]
    body = vcf(rows, samples)
    assert len(body) < 40_000
    server.post(vcf(SITE, 1))
    processes = server.processes()
    held = max(map(memory, processes))
    with at_most(WORK, lambda: sum(map(cpu_seconds, processes)), time.process_time):
        answer = server.post(body, f"/v1/reports{query}")
    assert answer.status_code == status, answer.text[:300]
    assert max(memory(pid, "VmHWM") for pid in processes) < held + BYTES
    assert len(answer.content) < BYTES
    if status == 413 and samples == 1:
        assert answer.json()["type"] == "/problems/too_many_records_at_position"
        assert "bcftools norm" in answer.json()["remedy"]
    elif status == 413:
        assert answer.json()["type"] == "/problems/too_many_reports"
        assert "sample=" in answer.json()["remedy"]
        assert "command line" in answer.json()["remedy"]


def test_the_cap_is_published(server: Server) -> None:
    (limit,) = (limit for limit in server.get("/v1/limits").json()["limits"] if limit["name"] == "max_reports")
    assert (limit["value"], limit["setting"]) == (CAP, "TRDPGX_MAX_REPORTS")
