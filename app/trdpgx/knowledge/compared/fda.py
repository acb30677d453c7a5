"""The FDA's Table of Pharmacogenetic Associations against our FDA rules: as JSON (PharmGKB/fda-biomarker) or as a CSV of its columns."""

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from trdpgx.knowledge.compared.differences import ComparedFileError, Difference
from trdpgx.model.gene import Phenotype
from trdpgx.model.library import RuleLibrary
from trdpgx.model.rule import AlleleCondition, PhenotypeCondition, Rule

_SECTIONS: Mapping[str, str] = {
    "recommendation": "Section 1",
    "impact": "Section 2",
    "pk": "Section 3",
    **{f"{prefix}{number}": f"Section {number}" for number in "123" for prefix in ("", "section ", "table ")},
}
_WORDS: Mapping[str, Phenotype] = {
    "ultrarapid": Phenotype.UM,
    "rapid": Phenotype.RM,
    "normal": Phenotype.NM,
    "intermediate": Phenotype.IM,
    "poor": Phenotype.PM,
}
_ALLELE = re.compile(r"\*\d+(?::\d+)?")
_COLUMNS = ("Drug", "Gene", "Affected Subgroups", "Description of Gene-Drug Interaction")


class _AssociationRow(Struct, frozen=True):
    drug: str
    gene: str
    section: str
    subgroup: frozenset[str]
    subgroup_text: str
    ruled_out: bool
    qt: bool


def compare_fda(rows: Sequence[Mapping[str, object]], library: RuleLibrary) -> Iterator[Difference]:
    """Yield every difference for the drugs of ours. Raises ``ComparedFileError`` where a row lacks a column or its section."""
    theirs: dict[tuple[str, str], list[_AssociationRow]] = {}
    names = {name.casefold(): name for name in library.drugs}
    for number, row in enumerate(rows, 1):
        made = _row(number, row)
        drug = names.get(made.drug.casefold())
        if drug is not None:
            theirs.setdefault((drug, made.gene), []).append(made)
    ours: dict[tuple[str, str], list[Rule]] = {}
    for rule in library.rules:
        if rule.source.name == "FDA" and (rule.grade or "").startswith("Section"):
            for drug in rule.drugs:
                for gene in rule.genes:
                    ours.setdefault((drug, gene), []).append(rule)
    for (drug, gene), own in theirs.items():
        rules = ours.get((drug, gene))
        subject = f"FDA, {drug}, {gene}"
        if rules is None:
            yield Difference("row_new", subject, "no rule", f"{own[0].section}: {own[0].subgroup_text}")
            continue
        yield from _compared(subject, rules, own)
    for (drug, gene), rules in ours.items():
        if (drug, gene) not in theirs:
            yield Difference("row_gone", f"FDA, {drug}, {gene}", f"{rules[0].grade} ({rules[0].id})", "not in the file")


def _row(number: int, row: Mapping[str, object]) -> _AssociationRow:
    fields = {str(key).strip().rstrip("+†‡*").strip(): str(value or "").strip() for key, value in row.items()}
    missing = [column for column in _COLUMNS if column not in fields]
    if missing:
        raise ComparedFileError(f"row {number} has no column '{missing[0]}'; the columns are {', '.join(_COLUMNS)} and the section")
    section = _SECTIONS.get((fields.get("table") or fields.get("Section") or fields.get("section") or "").casefold())
    if section is None:
        raise ComparedFileError(f"row {number} names no section: give a column 'Section' with 1, 2 or 3")
    text, about = fields["Affected Subgroups"], fields["Description of Gene-Drug Interaction"]
    words = {code.value for word, code in _WORDS.items() if re.search(rf"\b{word}\b", text, re.IGNORECASE)}
    subgroup = words or set(_ALLELE.findall(text))
    ruled_out = re.search(r"\bcontraindicated\b", about, re.IGNORECASE) is not None
    return _AssociationRow(fields["Drug"], fields["Gene"], section, frozenset(subgroup), text, ruled_out, "QT" in about)


def _compared(subject: str, rules: Sequence[Rule], rows: Sequence[_AssociationRow]) -> Iterator[Difference]:
    ids = ", ".join(rule.id for rule in rules)
    grades, sections = {rule.grade or "" for rule in rules}, {row.section for row in rows}
    if grades != sections:
        yield Difference("section", subject, f"{', '.join(sorted(grades))} ({ids})", ", ".join(sorted(sections)))
    asked = {value for rule in rules for value in _asked(rule)}
    named = {value for row in rows for value in row.subgroup}
    if asked and named and asked != named:
        yield Difference("subgroup", subject, f"{', '.join(sorted(asked))} ({ids})", ", ".join(sorted(named)))
    for kind, mine, theirs in (
        ("contraindication", any("contraindicated" in rule.actions for rule in rules), any(row.ruled_out for row in rows)),
        ("qt", any("qt_risk" in rule.implications for rule in rules), any(row.qt for row in rows)),
    ):
        if mine is not theirs:
            yield Difference(kind, subject, f"{'yes' if mine else 'no'} ({ids})", "yes" if theirs else "no")


def _asked(rule: Rule) -> Iterator[str]:
    for condition in rule.when:
        if isinstance(condition, PhenotypeCondition):
            yield from (code.value.removeprefix("Likely ") for code in condition.any_of)
        elif isinstance(condition, AlleleCondition):
            yield from condition.any_of
