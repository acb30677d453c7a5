"""The page holds everything of the report, escapes what it was given, and asks nobody for anything."""

import base64
import hashlib
import re
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.golden.cases import Case, cases
from tests.report.facts import CONTEXT, facts_of, flat
from tests.report.pages import page_of
from trdpgx import Service, annotate, texts
from trdpgx.report.html.links import PageLinks
from trdpgx.texts import phrase, read_texts, section

CASES = cases()
EXAMPLE = Path(__file__).parents[2] / "examples" / "synthetic.vcf"
HOSTILE = "<script>alert(1)</script>\"'&{{7*7}}</style>"
KILOBYTES = 600


class Page(HTMLParser):
    """The elements, ids, addresses and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.fetched: list[str] = []
        self.anchors: list[str] = []
        self.inline: list[str] = []
        self._texts: list[str] = []
        self.feed(page)
        self.text = "".join(self._texts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in {"src", "action", "data", "poster"} or (name == "href" and tag == "link"):
                self.fetched.append(value or "")
            if name == "href" and (value or "").startswith("#"):
                self.anchors.append((value or "")[1:])
            if name == "style" or name.startswith("on"):
                self.inline.append(name)

    def handle_data(self, data: str) -> None:
        self._texts.append(data)


def test_a_conversion_stands_once_and_exposure_to_what_is_taken_apart(service: Service) -> None:
    (report,) = next(case for case in CASES if case.name == "clinical").reports(service)
    page = page_of([report])
    rows = page[page.index(phrase("groups_about.ruled_out")) : page.index("Headline of every drug")]
    assert "under paroxetine by a convention" not in rows
    assert (
        "~ CPIC 2023, Moderate (CYP2D6) points to another drug or to a lower starting dose and names a highest dose of 10 mg a day."
        in unescape(rows)
    )
    assert page.count("~ What follows is stated of the phenotype under current drugs: CYP2D6 under paroxetine by a convention") == 1
    taken, others = page[page.index('<h3 id="exposure">') :].split("Exposure to drugs that are not taken", 1)
    assert "measured in trial fourth" in taken
    assert ">vortioxetine</th>" not in taken
    assert ">vortioxetine</th>" in others
    assert not any("drugs named here: paroxetine" in one.text for one in report.considerations if one.conversion)
    assert report.summary is not None
    (first, *_) = report.summary.attention
    assert "Nortriptyline, taken now, by genotype: CPIC 2016" in first.text
    assert any("first (escitalopram: too short for the lists)" in one.text for one in report.summary.attention)
    assert report.treatment_history is not None
    assert any(
        "nortriptyline, which is taken, stands in interactions on the QT interval" in one for one in report.treatment_history.understood
    )
    assert not any("omeprazole" in one and "QT" in one for one in report.treatment_history.understood)
    assert "Activity score: 1; an unseen extra copy could make it 2" in page


def test_what_is_ruled_out_beside_what_is_taken_stands_before_the_groups(service: Service) -> None:
    (report,) = next(case for case in CASES if case.name == "clinical").reports(service)
    page = page_of([report])
    beside = page.index("Ruled out or advised against beside what is taken")
    assert beside < page.index(phrase("groups_about.ruled_out"))
    listed = page[beside : page.index("</ul>", beside)]
    missing = {"isocarboxazid", "selegiline (transdermal)", "moclobemide", "gepirone", "haloperidol"} - {*re.split(r"<[^>]+>|, ", listed)}
    assert not missing
    assert set(re.findall(r'href="#(interaction-\d+)"', listed)) <= {*Page(page).ids}
    assert "not verified" in listed


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_everything_of_the_report_is_on_the_page(case: Case, service: Service) -> None:
    reports = case.reports(service)
    page = Page(page_of(reports))
    text = flat(page.text)
    facts = dict.fromkeys(flat(fact) for report in reports for fact in facts_of(report))
    assert [fact for fact in facts if fact not in text] == []


def test_the_patients_side_is_on_the_page(service: Service) -> None:
    reports = annotate(EXAMPLE, context=CONTEXT, service=service)
    text = flat(Page(page_of(reports)).text)
    assert [fact for fact in facts_of(reports[0]) if flat(fact) not in text] == []
    assert "Past trials by length" in text
    assert "40 mg a day, 8 weeks; adequate by" in text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_has_no_script_and_fetches_nothing(case: Case, service: Service) -> None:
    page = Page(page_of(case.reports(service)))
    assert not {"script", "link", "iframe", "object", "embed", "img", "form"} & set(page.tags)
    assert page.fetched == []
    assert page.inline == []
    assert len(page.ids) == len(set(page.ids)), "an id stands twice"
    assert set(page.anchors) <= set(page.ids), "a link leads nowhere"


def test_rare_variants_are_drawn_along_their_protein(service: Service) -> None:
    reports = next(case for case in CASES if case.name == "rare").reports(service)
    page = Page(page_of(reports))
    assert "Variants along the protein of STK19" in page.text
    assert "p.(Ser35Ter), heterozygous: counts" in page.text
    assert "protein-STK19-title" in page.ids


def test_the_policy_allows_its_own_style_alone(service: Service) -> None:
    page = page_of(CASES[0].reports(service))
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert style is not None
    assert policy is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in unescape(policy[1])
    assert "default-src 'none'" in unescape(policy[1])


def test_a_hostile_name_of_a_sample_stays_text(service: Service) -> None:
    (report,) = next(case for case in CASES if case.name == "poor").reports(service)
    report = report.copy_with(input=report.input.copy_with(sample=HOSTILE))
    for reports in ([report], [report, report]):
        written = page_of(reports)
        page = Page(written)
        assert "script" not in page.tags
        assert HOSTILE in page.text
        assert written.count("</style>") == 1


@pytest.mark.slow
def test_a_page_of_the_richest_report_stays_small(service: Service) -> None:
    sizes = [len(page_of(case.reports(service)[:1]).encode()) for case in CASES]
    assert max(sizes) <= KILOBYTES * 1000


def test_a_row_links_every_consideration_of_its_drug(service: Service) -> None:
    (report,) = next(case for case in cases() if case.name == "clinical").reports(service)
    page = page_of([report])
    wanted = {drug.name: drug.considerations for drug in report.drugs}
    for name in ("nortriptyline", "venlafaxine"):
        row = re.search(rf'<tr><th scope="row"><span id="drug-\d+">{name}</span></th>.*?</tr>', page, re.DOTALL)
        assert row is not None
        assert [identity for identity in wanted[name] if f">{identity}</a>" not in row[0]] == []


def test_a_lower_score_is_not_excluded_where_a_hybrid_is_not(service: Service) -> None:
    (report,) = next(case for case in CASES if case.name == "clinical").reports(service)
    text = flat(Page(page_of([report])).text)
    assert "an unseen hybrid without function would make it lower" in text
    assert "makes it less" not in text


def test_a_no_change_that_was_not_verified_is_marked_where_its_name_stands_alone(service: Service) -> None:
    (report,) = next(case for case in CASES if case.name == "outside-agrees").reports(service)
    text = flat(Page(page_of([report])).text)
    assert "duloxetine (not verified)" in text
    assert "clozapine (not verified)" not in text


def test_each_phrase_that_is_linked_stands_in_a_text() -> None:
    sentences = [text for key, text in read_texts(Path(texts.__file__).parent / texts.LANGUAGE).items() if not key.startswith("links.")]
    forms = "\n".join(text if isinstance(text, str) else "\n".join(text.values()) for text in sentences).lower()
    assert [text for text in section("links").values() if text not in forms or escape(text) != text or text != text.lower()] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_phrase_that_refers_to_a_section_leads_to_it(case: Case, service: Service) -> None:
    reports = case.reports(service)
    written = page_of(reports)
    ids = {*Page(written).ids}
    prefixes = ["" if len(reports) == 1 else f"s{number}-" for number in range(1, len(reports) + 1)]
    for anchor, text in section("links").items():
        linked = re.findall(rf'<a href="#([^"]+)">{text}</a>', written, re.IGNORECASE)
        assert len(re.findall(text, written, re.IGNORECASE)) == len(linked), "a phrase is not a link"
        assert set(linked) <= {f"{prefix}{anchor}" for prefix in prefixes} & ids


def test_a_phrase_of_a_section_that_is_not_there_stays_text(service: Service) -> None:
    (report,) = next(case for case in CASES if case.name == "poor").reports(service)
    assert report.treatment_history is None
    assert PageLinks(report, "").sentence("<b>See the key</b>; see the treatment history.") == (
        '&lt;b&gt;<a href="#key">See the key</a>&lt;/b&gt;; see the treatment history.'
    )


def test_a_drug_that_waits_for_a_test_leads_to_its_row(service: Service) -> None:
    reports = next(case for case in CASES if case.name == "three-samples").reports(service)
    page = page_of(reports)
    for number, report in enumerate(reports, 1):
        assert report.summary is not None
        part = page[page.index(f'id="s{number}-report"') :]
        for name in {name for one in report.summary.settle for name in one.drugs}:
            link = re.search(rf'<a href="#(s{number}-drug-\d+)">{re.escape(name)}</a>', part)
            assert link is not None
            assert f'<span id="{link[1]}">{name}</span>' in page


def test_interactions_have_the_numbers_that_rows_name(service: Service) -> None:
    (report,) = next(case for case in CASES if case.name == "clinical").reports(service)
    page = page_of([report])
    listed = page[page.index('<h3 id="interactions">') :]
    assert re.match(r'<h3 id="interactions">[^<]+</h3>\s*<ol><li id="interaction-1">', listed)
