"""Two small synthetic genomes, and values cut short, for the OpenAPI description."""

from collections.abc import Iterable, Iterator

from pydantic import BaseModel

GENOME = b"""\
##fileformat=VCFv4.2
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##contig=<ID=chr10,length=133797422>
##contig=<ID=chr11,length=135086622>
##contig=<ID=chr22,length=50818468>
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tSYNTHETIC
chr10\t94781859\trs4244285\tG\tA\t.\tPASS\t.\tGT\t0/1
chr11\t27658369\trs6265\tC\tT\t.\tPASS\t.\tGT\t0/1
chr22\t42128945\trs3892097\tC\tT\t.\tPASS\t.\tGT\t0/0
"""
"""Three records of a person who does not exist, GRCh38."""
ODD_GENOME = b"""\
##fileformat=VCFv4.2
##INFO=<ID=gnomAD_AF,Number=A,Type=Float,Description="Allele frequency in gnomAD">
##INFO=<ID=CSQ,Number=.,Type=String,Description="Ensembl VEP. Format: Allele|Consequence|IMPACT|SYMBOL|Feature|HGVSc|HGVSp">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##contig=<ID=chr1,length=248956422>
##contig=<ID=chr10,length=133797422>
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tSYNTHETIC
chr1\t158936917\t.\tA\tG\t.\tPASS\tgnomAD_AF=0.0001;CSQ=G|missense_variant|MODERATE|PYHIN1|NM_152501.5|c.7A>G|p.Asn3Asp\tGT\t0|1
chr1\t158936918\t.\tA\tG\t.\tPASS\tgnomAD_AF=0.0001\tGT\t0|1
chr10\t94761900\trs12248560\tC\tT\t.\tPASS\t.\tGT\t0|1
chr10\t94781859\trs4244285\tG\tA\t.\tPASS\t.\tGT\t0|1

"""
"""A synthetic genome with rare features: two changes of one codon, a haplotype that no named allele has, a blank line."""

_SHOWN = 2


def shown_by_name(roots: Iterable[BaseModel | None]) -> dict[str, object]:
    """Return one example of each model in the roots, by the name of the model."""
    shown: dict[str, object] = {}
    for root in roots:
        for model in _models(root):
            name = type(model).model_config.get("title") or type(model).__name__
            shown.setdefault(name, cut(model.model_dump(mode="json", by_alias=True)))
    return shown


def cut(value: object) -> object:
    """Return the value with every list in it cut to two items."""
    if isinstance(value, dict):
        return {key: cut(member) for key, member in value.items()}
    if isinstance(value, list):
        return [cut(member) for member in value[:_SHOWN]]
    return value


def _models(value: object) -> Iterator[BaseModel]:
    """Yield the value and every model in it, from the outside in."""
    members: Iterable[object] = ()
    if isinstance(value, BaseModel):
        yield value
        members = (getattr(value, name) for name in type(value).model_fields)
    elif isinstance(value, dict):
        members = value.values()
    elif isinstance(value, tuple | list):
        members = value
    for member in members:
        yield from _models(member)
