"""Files of custom content for MultiQC: how much of each sample was seen and called, its phenotypes and warnings. No drug and no genotype.

Sections of several runs have equal ids, so that MultiQC (https://docs.seqera.io/multiqc/custom_content) shows the samples of all of them
together. What was not called is an empty entry, never a number.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from trdpgx.model.gene import Phenotype
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.report import Report
from trdpgx.texts import phrase

_GUIDELINES = frozenset({"CPIC", "DPWG", "FDA"})
_COLOURS: Mapping[Phenotype, float] = {
    Phenotype.PM: 0,
    Phenotype.LIKELY_PM: 0.5,
    Phenotype.IM: 1,
    Phenotype.LIKELY_IM: 1.25,
    Phenotype.POSSIBLE_IM: 1.5,
    Phenotype.NM: 2,
    Phenotype.RM: 3,
    Phenotype.UM: 4,
}
"""The number that colours a phenotype in the heatmap. It is no activity."""
_STATES = {
    "called": {"name": "Called", "color": "#1a6b54"},
    "covered_reference": {"name": phrase("multiqc.reference_block"), "color": "#7fb8a4"},
    "no_call": {"name": phrase("multiqc.no_call"), "color": "#c4442d"},
    "assumed_reference": {"name": phrase("multiqc.absent_assumed_reference"), "color": "#e0a100"},
    "absent": {"name": "Absent", "color": "#b8b8b8"},
}
"""The states of a defining site, each site in one of them."""
_GROUP = {
    "parent_id": "trdpgx",
    "parent_name": "trdpgx",
    "parent_description": phrase("multiqc.description"),
}
_NOT_STATED = "-"
_ASSUMED = phrase("multiqc.assumed")
_MARKUP = re.compile(r"[<>&\"'`/\\]")
"""What acts in a page, and what MultiQC takes for folders, of which it keeps the last."""


class MultiqcContent:
    """What MultiQC shows of reports, gathered as they pass. ``files`` has it once all have passed."""

    def __init__(self) -> None:
        self._general: dict[str, dict[str, float]] = {}
        self._phenotypes: dict[str, dict[str, str]] = {}
        self._colours: dict[str, dict[str, float | None]] = {}
        self._sites: dict[str, dict[str, int]] = {}
        self._warnings: dict[str, dict[str, int]] = {}
        self._versions: dict[str, str] = {}

    def add(self, report: Report) -> None:
        """Take what is shown of a report. Where its input has a name, that stands before the sample; samples of one name are numbered."""
        sample = self._name(": ".join(part for part in (report.input.name, report.input.sample or phrase("multiqc.no_sample")) if part))
        sites = self._sites[sample] = _site_states(report)
        total = sum(sites.values())
        self._general[sample] = {
            "genes_called": sum(gene.status != "no_call" for gene in report.genes),
            "genes_open": sum(gene.phenotype_open for gene in report.genes),
            "genes_assumed": sum(gene.assumed for gene in report.genes),
            "sites_seen": round(100 * (sites["called"] + sites["covered_reference"]) / total, 1) if total else 0.0,
            "guideline_considerations": sum(one.source.name in _GUIDELINES for one in report.considerations),
            "warnings": len(report.input.warnings),
        }
        self._phenotypes[sample] = {gene.gene: _phenotype(gene) for gene in report.genes}
        self._colours[sample] = {gene.gene: _colour(gene) for gene in report.genes}
        if report.input.warnings:
            counted = self._warnings.setdefault(sample, {})
            for warning in report.input.warnings:
                counted[warning.code] = counted.get(warning.code, 0) + 1
        self._versions = {
            report.software.name: report.software.version,
            f"{report.software.name} rules": report.knowledge.rules_release,
            f"{report.software.name} reference": report.knowledge.reference_release,
        }

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the names and contents of the files; none without a report."""
        if not self._general:
            return
        yield _section("general_stats", "generalstats", self._general, pconfig=[{name: column} for name, column in _GENERAL.items()])
        genes = list(dict.fromkeys(gene for row in self._phenotypes.values() for gene in row))
        about = phrase("multiqc.phenotypes_description", not_stated=_NOT_STATED)
        yield _section(
            "phenotypes",
            "table",
            self._phenotypes,
            "Phenotypes",
            about,
            pconfig={"id": "trdpgx_phenotypes_table", "title": "trdpgx: phenotypes", "sort_rows": False, "col1_header": "Sample"},
            headers={
                gene: {"title": gene, "description": phrase("multiqc.phenotype", gene=gene), "cond_formatting_rules": _RULES}
                for gene in genes
            },
        )
        if any(colour is not None for row in self._colours.values() for colour in row.values()):
            yield _section(
                "phenotype_heatmap",
                "heatmap",
                {sample: {gene: row.get(gene) for gene in genes} for sample, row in self._colours.items()},
                phrase("multiqc.phenotypes_as_colours"),
                phrase("multiqc.colours_description"),
                pconfig={
                    "id": "trdpgx_phenotype_heatmap_plot",
                    "title": "trdpgx: phenotypes as colours",
                    "min": 0,
                    "max": 4,
                    "tt_decimals": 1,
                    "cluster_rows": False,
                    "cluster_cols": False,
                    "xlab": "Gene",
                    "ylab": "Sample",
                },
            )
        yield _section(
            "sites",
            "bargraph",
            self._sites,
            phrase("multiqc.defining_sites"),
            phrase("multiqc.sites_description"),
            pconfig={"id": "trdpgx_sites_plot", "title": "trdpgx: defining sites", "ylab": "Sites"},
            categories=_STATES,
        )
        if self._warnings:
            codes = sorted({code for row in self._warnings.values() for code in row})
            yield _section(
                "warnings",
                "table",
                self._warnings,
                phrase("multiqc.warnings_about_inputs"),
                phrase("multiqc.warnings_description"),
                pconfig={"id": "trdpgx_warnings_table", "title": "trdpgx: warnings", "col1_header": "Sample"},
                headers={code: {"title": code, "format": "{:,.0f}", "scale": "Reds", "min": 0} for code in codes},
            )
        lines = (f"{name}: {orjson.dumps(version).decode()}\n" for name, version in self._versions.items())
        yield "trdpgx_mqc_versions.yml", "".join(lines).encode()

    def _name(self, sample: str) -> str:
        """Return a name that no other sample has, without characters that act in a page."""
        sample = _MARKUP.sub("_", sample)
        number, name = 1, sample
        while name in self._general:
            number += 1
            name = f"{sample} ({number})"
        return name


_GENERAL: dict[str, dict[str, Any]] = {
    "genes_called": {
        "title": phrase("multiqc.genes_called"),
        "description": phrase("multiqc.genes_diplotype"),
        "format": "{:,.0f}",
        "min": 0,
        "scale": "Greens",
    },
    "genes_open": {
        "title": phrase("multiqc.phenotypes_open"),
        "description": phrase("multiqc.genes_whose_phenotype_alleles"),
        "format": "{:,.0f}",
        "min": 0,
        "scale": "Oranges",
    },
    "genes_assumed": {
        "title": phrase("multiqc.genes_assumed"),
        "description": phrase("multiqc.genes_whose_call_rests"),
        "format": "{:,.0f}",
        "min": 0,
        "scale": "Oranges",
    },
    "sites_seen": {
        "title": phrase("multiqc.sites_seen"),
        "description": phrase("multiqc.defining_sites_genotype_or"),
        "suffix": "%",
        "min": 0,
        "max": 100,
        "scale": "Greens",
    },
    "guideline_considerations": {
        "title": phrase("multiqc.guideline_considerations"),
        "description": phrase("multiqc.considerations_cpic_dpwg_fda"),
        "format": "{:,.0f}",
        "min": 0,
        "scale": "Blues",
    },
    "warnings": {
        "title": "Warnings",
        "description": phrase("multiqc.warnings_about_input"),
        "format": "{:,.0f}",
        "min": 0,
        "scale": "Reds",
    },
}
_MARKED = {"fail": ("PM",), "warn": ("UM", "RM", "Likely IM", "IM", "Possible IM", "Likely PM")}
_RULES = {mark: [{"s_eq": f"{code}{end}"} for code in codes for end in ("", _ASSUMED)] for mark, codes in _MARKED.items()}
"""How the table marks phenotypes that are not of normal metabolizers."""


def _section(
    name: str, plot: str, data: Mapping[str, Any], title: str | None = None, description: str | None = None, **more: Any
) -> tuple[str, bytes]:
    texts = {**_GROUP, "section_name": title, "description": description} if title else {}
    content = {"id": f"trdpgx_{name}", **texts, "plot_type": plot, **more, "data": data}
    return f"trdpgx_{name}_mqc.json", orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n"


def _site_states(report: Report) -> dict[str, int]:
    counts = [gene.sites for gene in report.genes]
    return {
        "called": sum(one.called for one in counts),
        "covered_reference": sum(one.covered_reference for one in counts),
        "no_call": sum(one.no_call for one in counts),
        "assumed_reference": sum(one.assumed_reference for one in counts),
        "absent": sum(one.absent - one.assumed_reference for one in counts),
    }


def _phenotype(gene: GeneReport) -> str:
    if gene.phenotype is None:
        return _NOT_STATED
    return f"{gene.phenotype.code.value}{_ASSUMED}" if gene.assumed else gene.phenotype.code.value


def _colour(gene: GeneReport) -> float | None:
    return _COLOURS.get(gene.phenotype.code) if gene.phenotype else None
