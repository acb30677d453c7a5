"""Records as intake hands them on, from lines of VCF text."""

import re

from trdpgx.model.region import CarriedRecord, InfoDefinition, RegionRecord


def definitions(header: str) -> dict[str, InfoDefinition]:
    """The INFO lines of a header."""
    found = re.finditer(r'##INFO=<ID=([^,]+),Number=([^,]+),Type=[^,]+,Description="(.*)"', header)
    return {match[1]: InfoDefinition(match[2], match[3]) for match in found}


def call(line: str) -> CarriedRecord:
    """One record with one sample: CHROM POS REF ALT INFO GT, and perhaps FILTER and PS, separated by spaces."""
    chrom, pos, ref, alts, info, genotype, *rest = line.split(" ")
    values = dict(entry.partition("=")[::2] for entry in info.split(";") if "=" in entry)
    filters = tuple(rest[:1])
    record = RegionRecord(chrom, int(pos), ref, tuple(alts.split(",")), 50.0, filters, values)
    alleles = tuple(-1 if allele == "." else int(allele) for allele in re.split("[/|]", genotype))
    phase_set = int(rest[1]) if len(rest) > 1 else None
    return CarriedRecord(record, alleles, "|" in genotype, phase_set, filters in ((), ("PASS",)), 30, 99.0)
