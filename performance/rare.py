"""Time of reading rare variants within the report of an exome: ``python -m performance.rare``.

The exome has 100,000 records, of which 62 carry a variant in a coding exon of a panel gene whose bases are known: about twice what one
person has there. The step and the whole report are timed in turn in one run.
"""

import io
import random
from statistics import median
from time import perf_counter

from trdpgx import Options, Service
from trdpgx.calling import call_genes
from trdpgx.calling.rare_variants.person import RareReader
from trdpgx.model.genome import Assembly
from trdpgx.model.transcript import Transcript

RECORDS = 100_000
ROUNDS = 15


def exome(transcripts: list[Transcript]) -> bytes:
    """Return an exome-like VCF: records far from the panel, and one variant in each of the first known exons of each gene."""
    draw = random.Random(1)
    rows = [(draw.choice("1235"), draw.randrange(1, 100_000_000), "A", "G") for _ in range(RECORDS)]
    for transcript in transcripts:
        for known in transcript.known:
            for start, end in transcript.coding_exons[:3]:
                if known.start <= start and end < known.start + len(known.bases):
                    pos = draw.randrange(start, end)
                    ref = known.bases[pos - known.start]
                    rows.append((transcript.chrom, pos, ref, "A" if ref != "A" else "C"))
    rows.append(("10", 94781859, "G", "A"))
    head = "##fileformat=VCFv4.2\n##contig=<ID=chr1,length=248956422>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tperson\n"
    return (head + "".join(f"chr{c}\t{p}\t.\t{r}\t{a}\t50\tPASS\t.\tGT\t0/1\n" for c, p, r, a in sorted(rows) if r != "N")).encode()


def main() -> None:
    """Print the medians of both and their ratio."""
    with Service() as service:
        reference = service.knowledge.reference
        genome = exome(list(reference.transcripts[Assembly.GRCH38].values()))
        whole, step = [], []
        for _ in range(ROUNDS):
            began = perf_counter()
            result = service.read(io.BytesIO(genome), Options())
            list(service.reports(result, Options()))
            whole.append(perf_counter() - began)
            sample = result.samples[0]
            genes = call_genes(reference, result.facts.assembly, sample, Options(), caveats=service.knowledge.rulebook.caveats)
            began = perf_counter()
            RareReader(service.loaded.rare_genes[result.facts.assembly], result.info_definitions).read(sample, genes)
            step.append(perf_counter() - began)
    print(f"{len(sample.carried)} variants carried in coding intervals of {RECORDS} records")
    share = median(step) / median(whole)
    print(f"whole report {1000 * median(whole):.1f} ms, of which rare variants {1000 * median(step):.1f} ms: {share:.2f}")


if __name__ == "__main__":
    main()
