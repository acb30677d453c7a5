"""The time of an answer shows nothing about who was there before: a genotype seen before takes as long as one never seen.

A request is timed by the CPU of the service and its workers (``/proc``), not by the clock, so that a loaded machine does not matter.
Unseen and repeated patterns alternate, in an order that changes from pair to pair, and a rank test over the pairs (Wilcoxon) decides.
"""

import logging
import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from statistics import median

import pytest

from tests.http.servers import Server, running
from trdpgx.knowledge.load import load_knowledge
from trdpgx.model.genome import Assembly

from .effort import effort

LOG = logging.getLogger(__name__)
PAIRS = effort(60, 600)
ALPHA = 1e-4
"""A test that must not fail by chance asks for a difference that chance makes once in ten thousand runs."""
LEAST = 0.05
"""What was done already saved half of the calling where genotypes were kept; less than a twentieth of a request is noise."""
GENES = ("CYP2D6", "CYP2C19", "CYP2B6")


@pytest.fixture(scope="module")
def service() -> Iterator[Server]:
    with running() as started:
        yield started


def patterns(seed: int) -> Iterator[bytes]:
    """Yield files with genotypes that no other has, over the sites of three genes."""
    panel = load_knowledge(None, ()).reference.panels[Assembly.GRCH38]
    sites = sorted((site for site in panel.sites if site.gene in GENES and not site.is_indel), key=lambda site: (site.chrom, site.pos))
    head = "".join(f"##contig=<ID=chr{name},length={length}>\n" for name, length in panel.contig_lengths.items())
    columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n"
    chance = random.Random(seed)
    while True:
        genotypes = chance.choices(("0/0", "0/1", "0|1"), (12, 1, 1), k=len(sites))
        rows = [
            f"chr{site.chrom}\t{site.pos}\t.\t{site.ref}\t{site.alts[0]}\t.\tPASS\t.\tGT\t{genotype}\n"
            for site, genotype in zip(sites, genotypes, strict=True)
        ]
        yield ("##fileformat=VCFv4.2\n" + head + columns + "".join(rows)).encode()


def run_time(server: Server) -> float:
    """Return the seconds that all threads of the service and its workers have run (``schedstat`` counts nanoseconds)."""
    return sum(_thread(task) for pid in server.processes() for task in Path(f"/proc/{pid}/task").iterdir())


def _thread(task: Path) -> float:
    try:
        return int((task / "schedstat").read_text().split()[0]) / 1e9
    except (OSError, IndexError):
        return 0.0


def cost(server: Server, body: bytes) -> tuple[float, float]:
    """Return the CPU and the wall-clock seconds of one request."""
    before, start = run_time(server), time.perf_counter()
    assert server.post(body).status_code == 200
    return run_time(server) - before, time.perf_counter() - start


def wilcoxon(differences: Sequence[float]) -> float:
    """Return the two-sided probability of the signed ranks of these differences if there is none (normal approximation)."""
    ranked = sorted((one for one in differences if one), key=abs)
    n = len(ranked)
    positive = sum(rank for rank, one in enumerate(ranked, 1) if one > 0)
    mean, deviation = n * (n + 1) / 4, math.sqrt(n * (n + 1) * (2 * n + 1) / 24)
    return math.erfc(abs(positive - mean) / deviation / math.sqrt(2)) if n else 1.0


def shows(seen: Sequence[float], unseen: Sequence[float]) -> bool:
    """Return whether seen patterns take another time than unseen ones: by the ranks, and by more than noise."""
    apart = median(seen) / median(unseen) - 1
    return wilcoxon([one - other for one, other in zip(seen, unseen, strict=True)]) < ALPHA and abs(apart) > LEAST


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="this kernel does not count what a thread has run")
def test_a_genotype_seen_before_takes_as_long_as_one_never_seen(service: Server, record_property: Callable[[str, object], None]) -> None:
    made = patterns(20261126)
    before, new = list(islice(made, PAIRS)), list(islice(made, PAIRS))
    for body in before:
        service.post(body)
    order, chance = [(True, False), (False, True)], random.Random(1)
    times: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for seen_body, new_body in zip(before, new, strict=True):
        for is_seen in chance.choice(order):
            times[is_seen].append(cost(service, seen_body if is_seen else new_body))
    for clock, name in enumerate(("CPU", "wall clock")):
        seen, unseen = ([one[clock] for one in times[kind]] for kind in (True, False))
        probability = wilcoxon([one - other for one, other in zip(seen, unseen, strict=True)])
        result = f"{name}: median seen {1e3 * median(seen):.2f} ms, unseen {1e3 * median(unseen):.2f} ms, Wilcoxon p = {probability:.3g}"
        LOG.info(result)
        record_property(name, result)
        if name == "CPU":
            assert not shows(seen, unseen)


def test_the_rank_test_sees_what_a_kept_genotype_would_save() -> None:
    chance = random.Random(3)
    slow = [chance.gauss(20, 3) for _ in range(60)]
    assert shows([one * 0.8 for one in slow], [chance.gauss(20, 3) for _ in range(60)])
    assert not shows(slow, [chance.gauss(20, 3) for _ in range(60)])
    assert wilcoxon([size * sign for size, sign in zip(range(1, 61), [1, -1] * 30, strict=True)]) > 0.01
    assert wilcoxon([]) == 1
