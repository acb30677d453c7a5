"""A panel of 2,000 records, as a laboratory would post it: the panel's own sites and unrelated ones, GRCh38, one sample."""

from trdpgx.knowledge.reference.library import load_reference
from trdpgx.model.genome import Assembly

RECORDS = 2_000


def panel_vcf(records: int = RECORDS) -> bytes:
    """Return a VCF of that many records, half of them heterozygous nowhere near the panel, all of the panel's sites among them."""
    panel = load_reference().panels[Assembly.GRCH38]
    rows = {(site.chrom, site.pos): (site.ref, site.alts[0], "0/0") for site in panel.sites}
    at = 1_000_000
    while len(rows) < records:
        rows.setdefault(("1", at), ("A", "G", "0/1"))
        at += 1_013
    lines = ["##fileformat=VCFv4.2", '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">']
    lines += [f"##contig=<ID=chr{chrom},length={length}>" for chrom, length in panel.contig_lengths.items()]
    lines.append("\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", "PANEL")))
    for (chrom, pos), (ref, alt, genotype) in sorted(rows.items()):
        lines.append("\t".join((f"chr{chrom}", str(pos), ".", ref, alt, "50", "PASS", ".", "GT:DP:GQ:AD", f"{genotype}:31:99:31,0")))
    return ("\n".join(lines) + "\n").encode()
