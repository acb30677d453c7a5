"""Files about one gene: a row for every site, homozygous for the base of GRCh38, apart from what a case states."""

from collections.abc import Mapping
from typing import Any

from trdpgx import Service
from trdpgx.model.genome import Assembly, Panel, PanelSite

HEADER = (
    "##fileformat=VCFv4.2",
    '##FILTER=<ID=LowQual,Description="Low quality">',
    '##INFO=<ID=END,Number=1,Type=Integer,Description="End">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">',
    '##FORMAT=<ID=MIN_DP,Number=1,Type=Integer,Description="Least depth">',
    '##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Quality">',
    '##FORMAT=<ID=FT,Number=1,Type=String,Description="Filter">',
)


class Writer:
    """Writes the file of a case on one assembly: with ``chr`` on GRCh38 and without it on GRCh37."""

    def __init__(self, service: Service, assembly: Assembly, gene: str) -> None:
        reference = service.knowledge.reference
        self._panel: Panel = reference.panels[assembly]
        self._prefix = "chr" if assembly is Assembly.GRCH38 else ""
        self._sites = [reference.sites[assembly][site] for site in reference.genes[gene].sites]
        self._default = {site: reference.sites[Assembly.GRCH38][site].ref for site in reference.genes[gene].sites}
        self._named: Mapping[str, PanelSite] = {site.rsid or site.id: site for site in self._sites}

    def vcf(self, case: Mapping[str, Any]) -> bytes:
        """Return the VCF of a case."""
        rows = [self._raw(row) for row in case.get("rows", ())]
        replaced = {row.split(" ")[0].partition("+")[0].partition("-")[0] for row in case.get("rows", ())} | set(case.get("drop", ()))
        genotypes = case.get("sites", {})
        for name, site in self._named.items():
            if name in genotypes:
                rows.append(self._row(site, genotypes[name]))
            elif name not in replaced and not case.get("only"):
                rows.append(self._row(site, f"{self._default[site.id]}/{self._default[site.id]}"))
        chrom = self._sites[0].chrom
        lines = [
            *HEADER,
            f'##FORMAT=<ID=PS,Number=1,Type={case.get("ps", "Integer")},Description="Phase set">',
            *(f"##contig=<ID={self._prefix}{name},length={length}>" for name, length in self._panel.contig_lengths.items()),
            "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t" + case.get("sample", "NA1"),
        ]
        for pos, ref, alt, kind, info, form, sample in sorted(rows, key=lambda row: row[0]):
            lines.append("\t".join((self._prefix + chrom, str(pos), ".", ref, alt, "60", kind, info, form, sample)))
        return ("\n".join(lines) + "\n").encode()

    def _row(self, site: PanelSite, genotype: str) -> tuple[int, str, str, str, str, str, str]:
        bases, _, phase_set = genotype.partition(" ")
        spelled = [site.ref, *site.alts]
        mark = "|" if "|" in bases else "/"
        numbers = mark.join("." if base == "." else str(spelled.index(base)) for base in bases.split(mark))
        form, sample = ("GT:PS", f"{numbers}:{phase_set}") if phase_set else ("GT", numbers)
        return site.pos, site.ref, ",".join(site.alts), "PASS", ".", form, sample

    def _raw(self, text: str) -> tuple[int, str, str, str, str, str, str]:
        position, ref, alt, kind, info, form, sample = text.split(" ")
        name = position.partition("+")[0].partition("-")[0]
        pos = self._named[name].pos + int(position[len(name) :] or 0)
        end = f"END={pos + int(info.removeprefix('END=+'))}" if info.startswith("END=+") else info
        return pos, ref, alt, kind, end, form, sample
