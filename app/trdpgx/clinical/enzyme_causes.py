"""The current drugs, and smoking, that act on an enzyme on the day of the report, and until when after they were stopped."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from msgspec import Struct

from trdpgx.knowledge.rules.schema.enzyme_effects import Effect, EnzymeEffectFile, EnzymeEffectRow, Strength
from trdpgx.model.clinical_report import SMOKING, DateRange
from trdpgx.model.patient import Patient, PatientDrug
from trdpgx.texts import at_beginning, phrase

_NEW = timedelta(days=21)
"""Time after the first day in which a sentence states how long an effect takes to be complete."""
_RANK: Mapping[Strength, int] = {"unclassified": 0, "weak": 1, "moderate": 2, "strong": 3}


class EnzymeCause(Struct, frozen=True):
    """A drug, or smoking, that acts on an enzyme now.

    ``classes`` is keyed by list, in the order of precedence. ``until`` is set where it was stopped; ``ending`` is true where the effect may
    have ended already.
    """

    name: str
    effect: Effect
    classes: Mapping[str, Strength]
    row: EnzymeEffectRow
    since: date | None = None
    until: DateRange | None = None
    ending: bool = False
    as_of: date | None = None

    @property
    def listed(self) -> tuple[str, Strength]:
        """The list that comes first, and its class."""
        return next(iter(self.classes.items()))

    def class_by(self, list_key: str | None) -> Strength:
        """Return the class by a list, or by the first list where that one does not have it."""
        return self.classes.get(list_key or "", self.listed[1])

    def text(self, file: EnzymeEffectFile, list_key: str | None = None) -> str:
        """Return a sentence on the cause and its class by one list."""
        key = list_key or self.listed[0]
        strength = self.classes[key]
        entry = file.lists.get(key)
        by = f"{entry.name}, {entry.version}" if entry else key
        kind = (
            f"{strength} {self.effect}" if strength != "unclassified" else phrase("enzyme_causes.without_stated_class", effect=self.effect)
        )
        text = phrase(
            "enzyme_causes.acts_on_enzyme",
            cause=at_beginning(self.name),
            article=_article(kind),
            kind=kind,
            enzyme=self.row.enzyme,
            by=by,
        )
        return f"{text} {timing}" if (timing := self.timing(file)) else text

    def timing(self, file: EnzymeEffectFile) -> str:
        """Return until when it acts, or that it may not act in full yet; empty where it does neither."""
        if self.until is not None:
            offset = self.row.offset or file.unknown_offset
            how = f" ({offset.how})" if offset else ""
            ended = phrase("enzyme_causes.may_have_ended") if self.ending else ""
            return phrase("enzyme_causes.stopped", earliest=self.until.earliest, latest=self.until.latest, ended=ended, how=how)
        if self.since is not None and self.as_of is not None and self.as_of - self.since < _NEW:
            onset = f": {self.row.onset}" if self.row.onset else ""
            return phrase("enzyme_causes.begun", since=self.since, onset=onset)
        return ""


def causes_of(enzyme: str, patient: Patient, file: EnzymeEffectFile, without: frozenset[str] = frozenset()) -> tuple[EnzymeCause, ...]:
    """Return the causes that act on an enzyme on ``patient.as_of``, by name; not the drugs ``without``, nor combinations with them.

    A component does not count where its combination has a row of its own.
    """
    rows = sorted((row for row in file.rows.values() if row.enzyme == enzyme), key=lambda row: (row.drug, row.effect))
    taken = dict(_taken(patient, file, without, frozenset(row.drug for row in rows)))
    return tuple(cause for row in rows if row.drug in taken and (cause := _cause(row, taken[row.drug], patient.as_of, file)) is not None)


def strongest(causes: tuple[EnzymeCause, ...], effect: Effect, list_key: str | None = None) -> Strength | None:
    """Return the strongest class of an effect; ``None`` where nothing has the effect."""
    return max((cause.class_by(list_key) for cause in causes if cause.effect == effect), key=_RANK.__getitem__, default=None)


def by_rank(cause: EnzymeCause) -> int:
    """Return the key by which causes are sorted from the weakest to the strongest class."""
    return _RANK[cause.listed[1]]


def deciding(causes: tuple[EnzymeCause, ...], list_key: str | None = None) -> tuple[EnzymeCause, str]:
    """Return the cause with the strongest class by a list, and the list of that class: that one, or the first."""
    cause = max(causes, key=lambda cause: _RANK[cause.class_by(list_key)])
    return cause, list_key if list_key is not None and list_key in cause.classes else cause.listed[0]


def enzymes_inhibited(drug: str, file: EnzymeEffectFile) -> frozenset[str]:
    """Return every enzyme that a drug inhibits by some list."""
    return frozenset(row.enzyme for row in file.rows.values() if row.drug == drug and row.effect == "inhibitor")


def is_local(drug: PatientDrug, file: EnzymeEffectFile) -> bool:
    """Return whether the drug hardly reaches the blood by its route."""
    return drug.route is not None and drug.route.casefold() in {route.casefold() for route in file.local_routes}


def smokes(patient: Patient) -> bool:
    """Return whether the person smokes now, as stated."""
    smoking = patient.smoking
    return smoking is not None and smoking.stopped_on is None and bool(smoking.cigarettes_per_day)


class _Taken(Struct, frozen=True):
    since: date | None
    stopped_on: date | None


def _taken(patient: Patient, file: EnzymeEffectFile, without: frozenset[str], listed: frozenset[str]) -> Iterator[tuple[str, _Taken]]:
    """Yield each drug, and smoking, with its days; several entries of a drug count as one, which ends with the last of them."""
    entries: dict[str, list[_Taken]] = {}
    for drug in patient.current or ():
        if drug.drug not in without and drug.component_of not in without | listed and not is_local(drug, file):
            entries.setdefault(drug.drug, []).append(_Taken(drug.since, drug.stopped_on))
    smoking = patient.smoking
    if smokes(patient) or (smoking is not None and smoking.stopped_on is not None):
        entries[SMOKING] = [_Taken(None, smoking.stopped_on if smoking else None)]
    for name, several in entries.items():
        last = max(one.stopped_on or date.max for one in several)
        begun = [one.since for one in several if one.since is not None]
        since = min(begun) if len(begun) == len(several) else None
        yield name, _Taken(since, None if last == date.max else last)


def _cause(row: EnzymeEffectRow, taken: _Taken, as_of: date, file: EnzymeEffectFile) -> EnzymeCause | None:
    until = None
    if taken.stopped_on is not None:
        offset = row.offset or file.unknown_offset
        if offset is None:
            return None
        until = DateRange(
            earliest=taken.stopped_on + timedelta(days=offset.earliest), latest=taken.stopped_on + timedelta(days=offset.latest)
        )
        if until.latest < as_of:
            return None
    return EnzymeCause(
        name=row.drug,
        effect=row.effect,
        classes=file.ordered(row),
        row=row,
        since=taken.since,
        until=until,
        ending=until is not None and until.earliest <= as_of,
        as_of=as_of,
    )


def _article(words: str) -> str:
    return "an" if words[0] in "aeiou" else "a"
