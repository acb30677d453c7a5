"""Write the small, clean VCF that the parser gets: our own header, known keys, numbers in place of names."""

from collections.abc import Sequence

from app.intake.contigs import AUTOSOMES_AND_SEX
from app.intake.record import CleanRecord

_HEADER = b"\n".join(
    (
        b"##fileformat=VCFv4.3",
        b'##FILTER=<ID=PASS,Description="p">',
        b'##INFO=<ID=END,Number=1,Type=Integer,Description="e">',
        b'##FORMAT=<ID=GT,Number=1,Type=String,Description="g">',
        b'##FORMAT=<ID=PS,Number=1,Type=Integer,Description="p">',
        b'##FORMAT=<ID=DP,Number=1,Type=Integer,Description="d">',
        b'##FORMAT=<ID=MIN_DP,Number=1,Type=Integer,Description="m">',
        b'##FORMAT=<ID=AD,Number=.,Type=Integer,Description="a">',
        b'##FORMAT=<ID=GQ,Number=1,Type=Float,Description="q">',
        b'##FORMAT=<ID=FT,Number=1,Type=String,Description="f">',
        b'##FORMAT=<ID=CN,Number=1,Type=Integer,Description="c">',
        *(f"##contig=<ID={chrom}>".encode() for chrom in AUTOSOMES_AND_SEX),
    )
)


def write_clean(records: Sequence[CleanRecord], samples: int, filters: int) -> bytes:
    """Return a VCF of ``records``, in their order, with ``samples`` samples (s0, s1 ...) and ``filters`` filter names (f0, f1 ...)."""
    lines = [_HEADER]
    lines += [b'##FILTER=<ID=f%d,Description="f">' % number for number in range(filters)]
    lines.append(b"\t".join([b"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT", *[b"s%d" % number for number in range(samples)]]))
    lines += [record.text for record in records]
    return b"\n".join(lines) + b"\n"
