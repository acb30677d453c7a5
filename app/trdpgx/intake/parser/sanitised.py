"""Write the small, clean VCF that the parser gets: our own header, genotypes and nothing else of the samples, numbers in place of names."""

from collections.abc import Sequence

from trdpgx.intake.validate.record import SanitisedRecord
from trdpgx.intake.vcf.contigs import AUTOSOMES_AND_SEX

_HEADER = b"\n".join(
    (
        b"##fileformat=VCFv4.3",
        b'##FILTER=<ID=PASS,Description="p">',
        b'##INFO=<ID=END,Number=1,Type=Integer,Description="e">',
        b'##FORMAT=<ID=GT,Number=1,Type=String,Description="g">',
        *(f"##contig=<ID={chrom}>".encode() for chrom in AUTOSOMES_AND_SEX),
    )
)


def write_sanitised(records: Sequence[SanitisedRecord], samples: int, filters: int) -> bytes:
    """Return a VCF of ``records``, in their order, with ``samples`` samples (s0, s1 ...) and ``filters`` filter names (f0, f1 ...)."""
    lines = [_HEADER]
    lines += [b'##FILTER=<ID=f%d,Description="f">' % number for number in range(filters)]
    lines.append(b"\t".join([b"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT", *[b"s%d" % number for number in range(samples)]]))
    lines += [record.text for record in records]
    return b"\n".join(lines) + b"\n"
