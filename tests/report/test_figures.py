"""Figures of the page: labels that fit, every study of a claim, and what the figures leave out."""

import re
from html import unescape

import pytest

from tests.golden.cases import cases
from tests.report.pages import page_of
from trdpgx import Report, Service
from trdpgx.model.clinical_report import ConversionResult, Phenoconversion
from trdpgx.model.gene import Phenotype
from trdpgx.model.gene_report import GeneReport
from trdpgx.report.grouping import beside_taken
from trdpgx.report.html.activity_figure import activity_figure, current_words
from trdpgx.report.html.glyphs import CHARACTERS, Glyph
from trdpgx.report.html.matrix_figure import MatrixRow, Pointing, matrix_figure
from trdpgx.report.html.sites_figure import site_counts, sites_figure
from trdpgx.report.html.studies_figure import studies_figure
from trdpgx.report.html.svg import Svg, shortened, text_width, wrapped
from trdpgx.report.html.trials_figure import trials_figure
from trdpgx.report.wording import STANCE_WORDS
from trdpgx.texts import phrase

CASES = {case.name: case for case in cases()}
LONG = "A cohort of patients with a name that no margin of a figure has space for: supports"


def _report(name: str, service: Service) -> Report:
    (report, *_) = CASES[name].reports(service)
    return report


def _texts(svg: str) -> list[str]:
    return [unescape(words) for words in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]


@pytest.mark.parametrize(("x", "kind"), [(200, "label end"), (600, "label"), (100, "label middle"), (620, "label middle strong")])
def test_a_label_without_space_is_shortened_and_keeps_its_whole_text(x: float, kind: str) -> None:
    svg = Svg(key="figure", title="title", description="description", width=720, height=40)
    svg.text(x, 20, f"<{LONG}>", kind)
    drawn = svg.render()
    (short,) = re.findall(r"</title>([^<]*)</text>", drawn)
    assert short.endswith("…")
    assert f"<title>&lt;{LONG}&gt;</title>" in drawn
    space = 720 - x if kind == "label" else x if kind.endswith("end") else 2 * min(x, 720 - x)
    assert text_width(unescape(short), "strong" in kind) <= space


def test_a_label_with_space_stays_as_it_is() -> None:
    assert shortened(LONG, text_width(LONG)) == LONG
    assert " ".join(wrapped(LONG, 200)) == LONG
    assert max(map(text_width, wrapped(LONG, 200))) <= 200
    assert wrapped("unbreakable" * 9, 200) == ["unbreakable" * 9]


@pytest.mark.parametrize("name", ["clinical", "poor", "outside-agrees", "outside-conflicts", "met"])
def test_each_study_of_a_claim_is_drawn_with_or_without_a_number(name: str, service: Service) -> None:
    drawn = 0
    for one in _report(name, service).considerations:
        svg = studies_figure(one)
        if svg is None:
            continue
        drawn += 1
        words = _texts(svg)
        text = " ".join(words)
        for item in one.evidence.items:
            assert f"{item.citation.label or item.citation.id}: {STANCE_WORDS[item.stance]}" in text
        assert phrase("studies_figure.axis") in words
        assert (phrase("studies_figure.not_stated") in words) == any(not item.n for item in one.evidence.items)
        marks = len(re.findall(r'<(?:circle|rect)[^>]*class="glyph', svg)) + len(re.findall(r'<line[^>]*class="glyph"', svg)) // 2
        assert marks == len(one.evidence.items)
    assert drawn


@pytest.mark.parametrize("name", ["clinical", "gvcf", "absent-reference", "exome"])
def test_each_part_of_a_bar_of_sites_has_its_number(name: str, service: Service) -> None:
    genes = [gene for gene in _report(name, service).genes if gene.sites.total]
    svg = sites_figure(genes)
    assert svg is not None
    numbers = [words for words in _texts(svg) if words.isdigit()]
    assert numbers == [str(count) for gene in genes for count in site_counts(gene) if count]
    bars: dict[str, list[tuple[float, float]]] = {}
    for x, y, width in re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="18.0" class="state', svg):
        bars.setdefault(y, []).append((float(x), float(width)))
    assert len(bars) == len(genes)
    for parts in bars.values():
        assert parts[0][0] == 90
        assert sum(width for _, width in parts) == pytest.approx(610, abs=0.3)


def test_no_bars_are_drawn_where_no_site_was_seen(service: Service) -> None:
    report = _report("nothing", service)
    page = page_of([report])
    assert sites_figure(report.genes) is None
    assert phrase("sites_figure.title") not in page
    sites = [gene.sites.total for gene in report.genes if gene.sites.total]
    assert phrase("sites_figure.none_seen", sites=sum(sites), genes=len(sites)) in page


def test_the_figure_of_sources_names_what_is_ruled_out_and_has_no_row(service: Service) -> None:
    report = _report("clinical", service)
    page = page_of([report])
    (names,) = re.findall(re.escape(phrase("matrix_figure.beside_taken", names="NAMES")).replace("NAMES", "(.*?)"), page)
    left_out = re.sub(r"<[^>]+>", "", names).split(", ")
    rows = {drug.strip("!^~≈ ") for drug in re.findall(r'class="label end">([^<]*)</text>', page[page.index('id="matrix-title"') :])}
    beside = [drug for drugs, *_ in beside_taken(report) for drug in drugs]
    assert left_out == [drug for drug in beside if drug not in rows]
    assert {"gepirone", "phenelzine"} <= {*left_out}
    assert phrase("matrix_figure.beside_taken", names="")[:30] not in page_of([_report("poor", service)])


@pytest.mark.parametrize("name", CASES)
def test_no_label_of_a_golden_report_has_to_be_shortened(name: str, service: Service) -> None:
    assert re.findall(r"<text[^>]*><title>([^<]*)", page_of(CASES[name].reports(service))) == []


def test_the_longest_name_of_a_drug_has_space_with_its_marks(service: Service) -> None:
    names = {drug.name for name in CASES for report in CASES[name].reports(service)[:1] for drug in report.drugs}
    svg = matrix_figure([MatrixRow(drug, (Pointing((Glyph.NONE,), ()),), ("agreed",), tuple(CHARACTERS)[-2:]) for drug in sorted(names)])
    assert svg is not None
    assert [unescape(words)[:-2] for words in re.findall(r'class="label end">([^<]*)</text>', svg)] == sorted(names)


def _gene(score: float, service: Service, **values: object) -> GeneReport:
    (gene,) = [gene for gene in _report("clinical", service).genes if gene.gene == "CYP2D6"]
    copies = gene.copy_number.copy_with(activity_score_range=None)
    return gene.copy_with(activity_score_range=(score, score), copy_number=copies, **{"phenoconverted": None, **values})


def _bands(svg: str) -> list[dict[str, tuple[float, float]]]:
    """Return where the bands of each scheme begin and end, by phenotype."""
    rows: dict[str, dict[str, tuple[float, float]]] = {}
    found = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"[^>]*class="band[^>]*/><text[^>]*>(\w+)</text>', svg)
    for left, top, width, phenotype in found:
        rows.setdefault(top, {})[phenotype] = (float(left), float(left) + float(width))
    return list(rows.values())


@pytest.mark.parametrize(
    ("score", "cpic", "dpwg"),
    [
        (0, "PM", "PM"),
        (0.125, "IM", "IM"),
        (0.25, "IM", "IM"),
        (1, "IM", "IM"),
        (1.25, "NM", "NM"),
        (2.25, "NM", "NM"),
        (2.5, "UM", "NM"),
        (2.75, "UM", "UM"),
        (6, "UM", "UM"),
    ],
)
def test_a_score_lies_inside_the_band_that_has_it(score: float, cpic: str, dpwg: str, service: Service) -> None:
    svg = activity_figure(_gene(score, service))
    assert svg is not None
    (at,) = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"[^>]*class="mark"', svg)]
    for bands, phenotype in zip(_bands(svg), (cpic, dpwg), strict=True):
        assert [name for name, (left, right) in bands.items() if left < at < right] == [phenotype]
        assert at - bands[phenotype][0] >= 2
        starts = [left for left, _ in bands.values()]
        assert starts[1:] == pytest.approx([right for _, right in bands.values()][:-1], abs=0.2)
    assert phrase("activity_figure.under_current_drugs") not in svg


def test_a_score_under_current_drugs_is_a_second_hollow_mark(service: Service) -> None:
    (gene,) = [gene for gene in _report("clinical", service).genes if gene.gene == "CYP2D6"]
    svg = activity_figure(gene)
    assert svg is not None
    (at,) = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"[^>]*class="glyph hollow"', svg)]
    assert all(bands["PM"][0] < at < bands["PM"][1] for bands in _bands(svg))
    assert phrase("activity_figure.under_current_drugs") in _texts(svg)
    words = "The hollow mark is the score under current drugs, by a convention: 0."
    assert current_words(gene) == words
    assert words in svg
    assert f"hybrids are not counted in. {words}</figcaption>" in page_of([_report("clinical", service)])


def test_a_range_of_scores_under_current_drugs_is_drawn_and_a_phenotype_alone_is_named(service: Service) -> None:
    def made(scores: tuple[float, float] | None) -> GeneReport:
        result = ConversionResult(method="m", version="1", phenotype_range=(Phenotype.PM, Phenotype.IM), activity_score_range=scores)
        both = (Phenotype.PM, Phenotype.IM)
        converted = Phenoconversion(status="converted", method="m", phenotype_range=both, results=(result,), text="")
        return _gene(1, service, phenoconverted=converted)

    ranged = activity_figure(made((0, 0.5)))
    assert ranged is not None
    assert len(re.findall(r'<rect[^>]*class="glyph hollow"', ranged)) == 1
    assert current_words(made((0, 0.5))).endswith("by a convention: 0 to 0.5.")
    alone = activity_figure(made(None))
    assert alone is not None
    assert "glyph hollow" not in alone
    assert current_words(made(None)).startswith("Under current drugs, by a convention: Poor Metabolizer or Intermediate Metabolizer;")


def test_labels_over_lines_of_a_grid_are_clear_of_them(service: Service) -> None:
    report = _report("clinical", service)
    assert report.treatment_history is not None
    svg = trials_figure(report.treatment_history.trials)
    assert svg is not None
    labels = re.findall(r'<text[^>]*class="([^"]*)">[^<]*; adequate by', svg)
    assert labels == ["label clear"] * len(report.treatment_history.trials)
    assert "svg .clear{paint-order:stroke;stroke:var(--bg)" in page_of([report])
    studies = [studies_figure(one) for one in report.considerations]
    numbers = [kind for one in studies if one for kind in re.findall(r'<text[^>]*class="(label(?: clear)?)">[\d,]+</text>', one)]
    assert numbers
    assert {*numbers} == {"label clear"}
