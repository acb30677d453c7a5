"""Contigs in the header: nearly all are written in one way, which is read by one pattern; any other by one pattern for each field."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trdpgx.intake.vcf import header
from trdpgx.intake.vcf.header import HeaderReader
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError

FIELDS = (
    *("ID=chr1", "ID=HLA-A*01:01:01:01", "ID=a=b", 'ID="x"', "ID=", "ID=chr1 ", "length=248956422", "length=", 'length="12"', "length=-1"),
    *("length=1234567890123", "assembly=GRCh38", 'assembly="GRCh37"', "assembly=", "assembly=ID=z", "assembly=hg 19", "IDX=3", "md5=a,b"),
)


def contigs(line: bytes) -> object:
    reader = HeaderReader(Limits())
    try:
        reader.feed(b"##fileformat=VCFv4.2\n" + line + b"\n")
    except InputError as error:
        return error.problem
    return reader.header.contigs, reader.header.contig_numbers, reader.header.assemblies


@settings(max_examples=400, deadline=None)
@given(fields=st.lists(st.sampled_from(FIELDS), max_size=4), end=st.sampled_from([">", "", ">>", ",>"]))
def test_both_ways_to_read_a_contig_agree(fields: list[str], end: str) -> None:
    line = f"##contig=<{','.join(fields)}{end}".encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(header, "_PLAIN_CONTIG", re.compile(rb"(?!)"))
        slowly = contigs(line)
    assert contigs(line) == slowly


def test_contigs_as_they_are_written() -> None:
    assert contigs(b"##contig=<ID=chr1,length=248956422,assembly=GRCh38>") == ({b"chr1": 248956422}, {}, {b"GRCh38"})
    assert contigs(b"##contig=<ID=chr1>") == ({b"chr1": None}, {}, set())
    assert contigs(b'##contig=<ID=1,assembly="b37",length=249250621,IDX=0>') == ({b"1": 249250621}, {b"1": 0}, {b"b37"})
