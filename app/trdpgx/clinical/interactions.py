"""Statements of sources on two drugs together, on the days between them, and on a drug with a condition, age, organ function or pregnancy.

The drugs of the rules are compared with the current ones; this is no general interaction checker. Nothing here prescribes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from trdpgx.clinical.understood import taken
from trdpgx.knowledge.rules.schema.cautions import CautionFile, CautionRow, PatientFact
from trdpgx.knowledge.rules.schema.drug_pairs import DrugPairFile, PairRow, WashoutRow
from trdpgx.model.clinical_report import GRAVE, OF_THE_PERSON, InteractionReport
from trdpgx.model.composed import PartKind, TextPart
from trdpgx.model.evidence import Citation
from trdpgx.model.library import RuleLibrary
from trdpgx.model.patient import Patient, PatientDrug
from trdpgx.texts import at_beginning, phrase


def interactions(patient: Patient, considered_drugs: Sequence[str], rulebook: RuleLibrary) -> tuple[InteractionReport, ...]:
    """Return what the rules have on current and considered drugs: pairs that are taken, days between, cautions, then considered pairs.

    Next steps that no genotype bears on (MAO inhibitors, ketamine, psilocybin, ECT) are considered too. What a source rules out or advises
    against is stated of every drug that a report lists, whether or not anything else is considered of it. A pair of two drugs that are not
    taken is nobody's combination and is left out.
    """
    pairs, cautions = rulebook.clinical.of(DrugPairFile), rulebook.clinical.of(CautionFile)
    beside = _StatedBeside.of(patient, (*considered_drugs, *pairs.also_considered), pairs, rulebook, rulebook.drugs)
    reports = (
        *(report for row in pairs.rows.values() for report in beside.taken_pairs(row)),
        *(report for row in pairs.washouts.values() for report in beside.washouts(row)),
        *beside.cautions(cautions.rows.values()),
        *(report for row in pairs.rows.values() for report in beside.considered_pairs(row)),
    )
    return tuple({(report.drugs, report.text): report for report in reports}.values())


def by_importance(reports: Iterable[InteractionReport], patient: Patient) -> tuple[InteractionReport, ...]:
    """Return reports in the order of a report: first those that hold of what is taken, then by gravity; of equals a pair before the person.

    A drug that was stopped and still acts, or after which days have not passed, counts with what is taken. Equals keep their order.
    """
    current = taken(patient)
    stated = {drug.drug for drug in patient.current or ()}

    def key(one: InteractionReport) -> tuple[bool, int, bool]:
        ended = one.kind == "washout" and one.drugs[0] not in current and not set(one.drugs[1:]).isdisjoint(current)
        now = ended or one.holds_now(stated)
        return not now, one.gravity, now and one.kind in OF_THE_PERSON

    return tuple(sorted(reports, key=key))


def row_reports(key: str, patient: Patient, considered_drugs: Sequence[str], rulebook: RuleLibrary) -> tuple[InteractionReport, ...]:
    """Return what one row reports of the drugs that are taken and considered alone. Raises ``KeyError`` where there is no such row."""
    pairs, cautions = rulebook.clinical.of(DrugPairFile), rulebook.clinical.of(CautionFile)
    beside = _StatedBeside.of(patient, considered_drugs, pairs, rulebook, ())
    if key in pairs.rows:
        return (*beside.taken_pairs(pairs.rows[key]), *beside.considered_pairs(pairs.rows[key]))
    return tuple(beside.washouts(pairs.washouts[key]) if key in pairs.washouts else beside.cautions((cautions.rows[key],)))


def holds(fact: PatientFact, patient: Patient) -> bool:
    """Return whether a fact is stated of a person. What is not stated never holds."""
    return any(_holding(fact, patient))


def _holding(fact: PatientFact, patient: Patient) -> Iterator[str]:
    """Yield what was stated of a person by which a fact holds, in words."""
    age, egfr, qtc = patient.age_years, patient.egfr, patient.qtc_ms
    yield from (name.replace("-", " ") for name in patient.comorbidities or () if name in fact.conditions)
    over, least = fact.age_above, fact.age_from
    if age is not None and ((over is not None and age > over) or (least is not None and age >= least)):
        yield phrase("understood.age", count=f"{age:g}")
    if patient.liver is not None and patient.liver in fact.liver:
        yield phrase("understood.impairment_liver", liver=patient.liver)
    if fact.egfr_below is not None and egfr is not None and egfr < fact.egfr_below:
        yield phrase("understood.egfr", egfr=f"{egfr:g}")
    if fact.qtc_above is not None and qtc is not None and qtc > fact.qtc_above:
        yield phrase("interactions.qtc_of", qtc_ms=f"{qtc:g}")
    for asked, stated, key in (
        (fact.pregnancy, patient.pregnancy, "understood.pregnant"),
        (fact.psychosis, patient.psychosis, "understood.psychotic_features"),
        (fact.bipolar, patient.bipolar, "understood.bipolar_depression"),
    ):
        if asked and stated:
            yield phrase(key)


def with_qtc_limit(rulebook: RuleLibrary) -> tuple[str, ...]:
    """Return the drugs of the rules that a source rules out, or advises against, above a QTc, whatever QTc is stated."""
    pairs = rulebook.clinical.of(DrugPairFile)
    rows = [row for row in rulebook.clinical.of(CautionFile).rows.values() if row.when.qtc_above is not None and row.about]
    concerned = {drug for row in rows if row.about for drug in pairs.members(row.about)}
    return tuple(drug for drug in rulebook.drugs if drug in concerned)


class _StatedBeside(Struct, frozen=True):
    """The drugs that are compared: those that are taken, those that were stopped, and those that a report considers."""

    patient: Patient
    pairs: DrugPairFile
    citations: Mapping[str, Citation]
    taken: tuple[str, ...]
    stopped: tuple[PatientDrug, ...]
    considered: tuple[str, ...]
    listed: tuple[str, ...]

    @classmethod
    def of(
        cls, patient: Patient, considered: Iterable[str], pairs: DrugPairFile, rulebook: RuleLibrary, listed: Iterable[str]
    ) -> "_StatedBeside":
        """Return the drugs of a person; one that was stopped and is taken again counts as taken. ``listed`` are all of a report."""
        current = taken(patient)
        stopped = tuple(drug for drug in patient.current or () if drug.stopped_on is not None and drug.drug not in current)
        others = tuple(drug for drug in dict.fromkeys(considered) if drug not in current)
        every = tuple(drug for drug in dict.fromkeys((*others, *listed)) if drug not in current)
        return cls(patient, pairs, rulebook.citations, current, stopped, others, every)

    def taken_pairs(self, row: PairRow) -> Iterator[InteractionReport]:
        """Yield each two drugs that are taken and that a row is about."""
        for index, drug in enumerate(self.taken):
            for second in self._meeting(row, drug, self.taken[index + 1 :]):
                yield self._report(row.kind, (drug, second), row.text, row)

    def considered_pairs(self, row: PairRow) -> Iterator[InteractionReport]:
        """Yield for each drug that is taken the others with which it is a pair of a row."""
        for drug in self.taken:
            met = self._meeting(row, drug, self._others(row.severity))
            if met:
                yield self._report(row.kind, (drug, *met), row.text, row)

    def washouts(self, row: WashoutRow) -> Iterator[InteractionReport]:
        """Yield the drugs that are taken, or were stopped fewer days ago than the source asks for, before the drugs that follow."""
        first, then = self.pairs.members(row.first), self.pairs.members(row.then)
        least = phrase("interactions.least_days", count=row.days)
        for drug in self.stopped:
            following = tuple(name for name in (*self.taken, *self._others(row.severity)) if name in then and name != drug.drug)
            days = (self.patient.as_of - drug.stopped_on).days if drug.stopped_on else row.days
            if drug.drug in first and following and days < row.days:
                text = phrase("interactions.ended", sentence=row.text, drug=at_beginning(drug.drug), count=days, least=least)
                yield self._report("washout", (drug.drug, *following), text, row)
        for name in self.taken:
            following = tuple(second for second in self._others(row.severity) if second in then and second != name)
            if name in first and following:
                text = phrase("interactions.wash_out_of_current", sentence=row.text, drug=at_beginning(name), least=least)
                yield self._report("washout", (name, *following), text, row)

    def cautions(self, rows: Iterable[CautionRow]) -> Iterator[InteractionReport]:
        """Yield the cautions whose fact is stated of the person, with the drugs that each is about, or about none; the same text once."""
        holding: dict[tuple[tuple[str, ...], str], tuple[CautionRow, tuple[str, ...]]] = {}
        for row in rows:
            about = self.pairs.members(row.about) if row.about else frozenset()
            concerned = tuple(name for name in (*self.taken, *self._others(row.severity)) if name in about)
            stated = tuple(_holding(row.when, self.patient))
            if stated and (concerned or row.about is None):
                _, before = holding.get((concerned, row.text), (row, ()))
                holding[concerned, row.text] = row, (*before, *stated)
        for (concerned, sentence), (row, stated) in holding.items():
            text = phrase("interactions.stated", sentence=sentence, stated="; ".join(dict.fromkeys(stated)))
            yield self._report(row.kind, concerned, text, row)

    def _others(self, severity: str) -> tuple[str, ...]:
        """Return the drugs that are not taken and that a statement may be about: all that a report lists, or what it considers."""
        return self.listed if severity in GRAVE else self.considered

    def _meeting(self, row: PairRow, drug: str, others: Sequence[str]) -> tuple[str, ...]:
        """Return which of the others are pairs of a row with the drug."""
        one, other = self.pairs.members(row.one), self.pairs.members(row.other or row.one)
        return tuple(
            second for second in others if second != drug and ((drug in one and second in other) or (drug in other and second in one))
        )

    def _report(self, kind: str, drugs: tuple[str, ...], text: str, row: PairRow | WashoutRow | CautionRow) -> InteractionReport:
        if kind == "qt" and self.patient.qtc_ms is not None:
            text = phrase("interactions.qtc", sentence=text, qtc_ms=f"{self.patient.qtc_ms:g}")
        values = {"kind": kind, "drugs": drugs, "severity": row.severity, "text": text, "verification": row.verification}
        parts = [TextPart(PartKind.DIFFER if row.differ else PartKind.STATED, text)]
        if isinstance(row, WashoutRow):
            parts.append(TextPart(PartKind.LIMIT, "", (str(row.days),)))
        return InteractionReport.model_validate({**values, "source": row.source_with(self.citations)}).with_parts(parts)
