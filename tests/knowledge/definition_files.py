"""Files as PharmCAT and PharmVar ship them, written from our reference: ``trdpgx reference import`` has to return it."""

import json
from collections.abc import Iterator
from pathlib import Path

from trdpgx.model.gene import NamedAllele
from trdpgx.model.genome import Assembly, PanelSite
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.nucleotides import IUPAC

ACCESSIONS = {Assembly.GRCH38: "14", Assembly.GRCH37: "13"}
COLUMNS = "Haplotype Name\tGene\trsID\tReferenceSequence\tVariant Start\tVariant Stop\tReference Allele\tVariant Allele\tType"


def write_pharmcat(reference: ReferenceLibrary, folder: Path, genes: list[str] | None = None) -> None:
    """Write a definition and a phenotype file for each gene."""
    for gene, definition in reference.genes.items():
        if genes is not None and gene not in genes:
            continue
        sites = [reference.sites[Assembly.GRCH38][name] for name in definition.sites]
        content = {
            "formatVersion": "2",
            "version": "made by tests",
            "gene": gene,
            "chromosome": f"chr{sites[0].chrom}",
            "variants": [{"position": site.pos, "rsid": site.rsid, "ref": site.ref, "alts": list(site.alts)} for site in sites],
            "namedAlleles": [
                {"name": one.name, "alleles": [one.bases.get(site.id) for site in sites], "reference": one.is_reference}
                for one in definition.alleles
                if one.callable
            ],
        }
        (folder / "alleles").mkdir(parents=True, exist_ok=True)
        (folder / "alleles" / f"{gene}_translation.json").write_text(json.dumps(content), "utf-8")
        phenotype = {
            "gene": gene,
            "haplotypes": {one.name: one.function for one in definition.alleles},
            "activityValues": {one.name: "n/a" if one.activity is None else str(one.activity) for one in definition.alleles},
            "diplotypes": [],
        }
        (folder / "phenotype").mkdir(exist_ok=True)
        (folder / "phenotype" / f"{gene}.json").write_text(json.dumps(phenotype), "utf-8")


def write_pharmvar(reference: ReferenceLibrary, folder: Path, genes: list[str] | None = None) -> None:
    """Write the haplotypes of each gene on both assemblies. PharmVar has no ambiguity letters: one base is written instead."""
    for gene, definition in reference.genes.items():
        if genes is not None and gene not in genes:
            continue
        blank = definition.alleles[0]
        for assembly in Assembly:
            lines = ["#version=pharmvar-made-by-tests", COLUMNS]
            for allele in definition.alleles:
                if not allele.callable:
                    continue
                lines += [f"{gene}{allele.name}.001\t{gene}\trs1\tNC\t1\t1\tA\tG\tsubstitution"]
                if allele.is_reference:
                    lines.append(f"{gene}{allele.name}\t{gene}\tREFERENCE\t.\t.\t.\t.\t.\t.")
                    continue
                for name in definition.sites:
                    newer, site = reference.sites[Assembly.GRCH38][name], reference.sites[assembly][name]
                    base = _base(allele, blank, newer)
                    if base != newer.ref:
                        lines += _rows(gene, allele.name, site, newer.ref if base == site.ref else base)
            own = folder / gene / assembly.value
            own.mkdir(parents=True, exist_ok=True)
            (own / f"{gene}.NC_000001.{ACCESSIONS[assembly]}.haplotypes.tsv").write_text("\n".join(lines) + "\n", "utf-8")


def _base(allele: NamedAllele, blank: NamedAllele, site: PanelSite) -> str:
    """Return one base that the allele has at a site."""
    base = allele.bases.get(site.id)
    if base is None or (base in IUPAC and blank.bases[site.id] in IUPAC[base]):
        base = blank.bases[site.id]
    return next((one for one in IUPAC[base] if one != site.ref), site.ref) if base in IUPAC and base not in "ACGT" else base


def _rows(gene: str, allele: str, site: PanelSite, alt: str) -> Iterator[str]:
    """Yield the rows of one change, an indel at its rightmost position."""
    rsid = site.rsid or "-"
    if len(site.ref) == len(alt) == 1:
        yield f"{gene}{allele}\t{gene}\t{rsid}\tNC\t{site.pos}\t{site.pos}\t{site.ref}\t{alt}\tsubstitution"
        return
    pos, deleted, inserted, context = site.pos, site.ref[1:], alt[1:], site.context
    at = 1
    moving = deleted or inserted
    if not (deleted and inserted):
        while context[at + len(deleted) : at + len(deleted) + 1] == moving[0]:
            moving, at = moving[1:] + moving[0], at + 1
    if deleted and inserted:
        yield f"{gene}{allele}\t{gene}\t{rsid}\tNC\t{pos + 1}\t{pos + len(deleted)}\t{deleted}\t{inserted}\tdelins"
    elif deleted:
        yield f"{gene}{allele}\t{gene}\t{rsid}\tNC\t{pos + at}\t{pos + at + len(moving) - 1}\t{moving}\t-\tdeletion"
    else:
        yield f"{gene}{allele}\t{gene}\t{rsid}\tNC\t{pos + at - 1}\t{pos + at}\t-\t{moving}\tinsertion"
