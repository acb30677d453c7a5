"""The trials that count for an instrument: failed and adequate by its list, weeks and threshold, certainly or possibly.

Genes and co-medication are not read: stages are nominal.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from trdpgx.clinical.adequacy import adequacy, conjunction, is_augmentation
from trdpgx.clinical.failure import failed
from trdpgx.knowledge.rules.schema.adequate_trials import AdequateTrialFile, CourseRow
from trdpgx.knowledge.rules.schema.staging import StagingRow
from trdpgx.model.patient import Patient, PatientEct, PatientTrial
from trdpgx.texts import phrase


class Terms(Struct, frozen=True):
    """The terms on which trials are counted. Each instrument has its own; the alternatives of a report change one of them."""

    of: str
    """Id of the list of adequate trials."""
    weeks: float
    failure_below: int
    """Per cent."""
    lifetime: bool = False
    """Whether earlier episodes count too."""
    combinations: bool = False
    """Whether an antidepressant that was added to another is a separate trial."""


class FailedTrial(Struct, frozen=True):
    """A trial that counts. ``certain`` is false where something that decides it is not stated."""

    trial: PatientTrial
    drug_class: str
    """As instruments count classes."""
    certain: bool


class FailedEct(Struct, frozen=True):
    """A course of ECT that failed, or may have."""

    ect: PatientEct
    certain: bool


class Failures(Struct, frozen=True):
    """The failures that count: trials of drugs, augmentations of them, and ECT."""

    trials: tuple[FailedTrial, ...] = ()
    augmentations: tuple[FailedTrial, ...] = ()
    ect: FailedEct | None = None

    def certain(self) -> "Failures":
        """Return the failures that are certain."""
        return Failures(
            tuple(one for one in self.trials if one.certain),
            tuple(one for one in self.augmentations if one.certain),
            self.ect if self.ect and self.ect.certain else None,
        )

    def drugs(self) -> tuple[str, ...]:
        """Return the different drugs in alphabetical order."""
        return tuple(sorted({one.trial.drug for one in self.trials}))

    def classes(self) -> tuple[str, ...]:
        """Return the distinct classes in alphabetical order."""
        return tuple(sorted({one.drug_class for one in self.trials}))


class History(Struct, frozen=True):
    """A person's treatments, with the lists of adequate trials and the classes of drugs."""

    patient: Patient
    trials: AdequateTrialFile
    classes: Mapping[str, str]
    """Class as instruments count it, by class of `drugs.yaml`."""

    def terms(self, method: StagingRow) -> Terms:
        """Return the terms of an instrument, with the highest of its thresholds: a partial response then counts as a failure."""
        return Terms(method.of, method.weeks, max(method.failure_below))

    def failures(self, terms: Terms) -> Failures:
        """Return the failures that count on these terms."""
        trials: list[FailedTrial] = []
        augmentations: list[FailedTrial] = []
        for trial in self._of_episode(self.patient.trials or (), lifetime=terms.lifetime):
            added = is_augmentation(trial, self.trials)
            own = not added or (terms.combinations and self._is_antidepressant(trial, terms.of))
            counts = self._counts(trial, terms) if own else failed(trial, terms.failure_below, self.trials)
            if counts is not False:
                kind = trials if own else augmentations
                kind.append(FailedTrial(trial, self.classes.get(trial.drug_class, trial.drug_class), counts is True))
        return Failures(tuple(trials), tuple(augmentations), self._ect(terms))

    def unlisted(self, of: str) -> tuple[str, ...]:
        """Return the drugs without a row in a list, whose trials are not counted, in alphabetical order."""
        trials = self._of_episode(self.patient.trials or (), lifetime=False)
        return tuple(
            sorted({trial.drug for trial in trials if not is_augmentation(trial, self.trials) and not self._is_antidepressant(trial, of)})
        )

    def augmented(self) -> bool:
        """Return whether an augmentation was used in the current episode, failed or not."""
        return any(is_augmentation(trial, self.trials) for trial in self._of_episode(self.patient.trials or (), lifetime=False))

    def missing(self, terms: Terms) -> tuple[str, ...]:
        """Return the JSON paths that decide whether trials count and were not stated."""
        paths: dict[str, None] = {}
        for trial in self._of_episode(self.patient.trials or (), lifetime=terms.lifetime):
            verdict = adequacy(trial, terms.of, self.trials, terms.weeks)
            added = is_augmentation(trial, self.trials)
            if verdict.listed and verdict.adequate is not False and not added:
                paths.update(dict.fromkeys(one.missing for one in verdict.criteria if one.missing))
            if (added or verdict.adequate is not False) and failed(trial, terms.failure_below, self.trials) is None:
                paths[f"trials[{trial.position}].improvement_percent"] = None
        if self.patient.trials is None:
            paths["trials"] = None
        return tuple(paths)

    def missing_ect(self) -> tuple[str, ...]:
        """Return what was not stated of ECT, and what it counts as."""
        ect = self.patient.ect
        if ect is None:
            return (f"ect: {phrase('defaults.none')}",)
        sessions = (f"ect.sessions: {phrase('defaults.whole_course')}",) if ect.sessions is None else ()
        return (*(("ect.outcome",) if ect.outcome is None else ()), *sessions)

    def remarks_on_ect(self) -> tuple[str, ...]:
        """Return by which rule a course of ECT is too short to count."""
        row = self._short_course()
        if row is None:
            return ()
        return (phrase("failures.short_course", count=row.sessions, source=row.source_in_words),)

    def thresholds(self, terms: Terms) -> tuple[int, ...]:
        """Return the other published thresholds of failure."""
        return tuple(row.threshold_percent for row in self.trials.failure.values() if row.threshold_percent != terms.failure_below)

    def remarks(self, of: str) -> tuple[str, ...]:
        """Return which trials are not counted because a list has no row for them."""
        drugs = self.unlisted(of)
        return (phrase("failures.unlisted", title=self.trials.lists[of].title, drugs=", ".join(drugs)),) if drugs else ()

    def _short_course(self) -> CourseRow | None:
        sessions = self.patient.ect.sessions if self.patient.ect else None
        if sessions is None:
            return None
        return next((row for row in self.trials.courses.values() if sessions < row.sessions), None)

    def _of_episode(self, trials: Sequence[PatientTrial], *, lifetime: bool) -> Iterable[PatientTrial]:
        return (trial for trial in trials if lifetime or trial.current_episode)

    def _is_antidepressant(self, trial: PatientTrial, of: str) -> bool:
        return any(row.of == of and row.use == "alone" for row in self.trials.by_drug.get(trial.drug, ()))

    def _counts(self, trial: PatientTrial, terms: Terms) -> bool | None:
        alone = replace(trial, augmentation_of=None)
        verdict = adequacy(alone, terms.of, self.trials, terms.weeks)
        return conjunction((verdict.adequate, failed(trial, terms.failure_below, self.trials))) if verdict.listed else False

    def _ect(self, terms: Terms) -> FailedEct | None:
        ect = self.patient.ect
        if ect is None or not (ect.current_episode or terms.lifetime):
            return None
        if self._short_course():
            return None
        verdict = failed(PatientTrial(id="ECT", drug="ECT", drug_class="ECT", outcome=ect.outcome), terms.failure_below, self.trials)
        return None if verdict is False else FailedEct(ect, verdict is True)
