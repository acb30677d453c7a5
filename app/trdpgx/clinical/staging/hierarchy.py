"""A ladder of stages, each with another kind of treatment: Thase and Rush 1997."""

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from trdpgx.clinical.staging.failures import Failures, History
from trdpgx.clinical.staging.reading import Alternative, alternatives, bounds, counted, names, stage_report
from trdpgx.knowledge.rules.schema.staging import HierarchyRow, Step
from trdpgx.model.clinical_report import StageReport
from trdpgx.texts import either, phrase


def hierarchy_report(method: HierarchyRow, history: History) -> StageReport:
    """Return the highest stage up to which every step is met. A class that a step asks for counts besides the trials of earlier steps."""
    terms = history.terms(method)
    failures = _with_open_type(method, history.failures(terms))

    def stage(one: Failures) -> str:
        return highest(method, one)

    def counted_twice(one: Failures) -> str:
        return highest(method, one, twice=True)

    asked = either(step.also for step in method.steps if step.also)
    others = [
        Alternative(phrase("hierarchy.if_served_twice", asked=asked), bounds(counted_twice, failures)),
        *alternatives(history, terms, stage),
    ]
    classes = failures.classes()
    of_classes = phrase("hierarchy.of_classes", count=len(classes), classes=names(classes)) if classes else ""
    missing_type = ("ect.type",) if failures.ect and failures.ect.ect.type is None else ()
    return stage_report(
        method,
        span=bounds(stage, failures),
        basis=f"{counted(failures)}{of_classes}.",
        others=others,
        missing=(*history.missing(terms), *history.missing_ect(), *missing_type),
        remarks=(*_unplaced(method, failures), *history.remarks(method.of), *history.remarks_on_ect()),
    )


def highest(method: HierarchyRow, failures: Failures, *, twice: bool = False) -> str:
    """Return the last stage that is met with all before it. ``twice``: a trial may count for its class and for the number of classes."""
    stage = method.steps[0].stage
    for index, step in enumerate(method.steps):
        if not _holds(method.steps[: index + 1], failures, twice=twice):
            break
        stage = step.stage
    return stage


def _holds(steps: Sequence[Step], failures: Failures, *, twice: bool) -> bool:
    """Return whether the last of these steps is met, if those before it are."""
    wanted = steps[-1].ect
    if wanted and not (failures.ect and (wanted == "any" or failures.ect.ect.type in {None, wanted})):
        return False
    also = Counter(step.also for step in steps if step.also)
    left = Counter(one.drug_class for one in failures.trials)
    if any(left[name] < number for name, number in also.items()):
        return False
    if not twice:
        left -= also
    return left.total() >= max(step.failures for step in steps) and len(left) >= max(step.classes for step in steps)


def _with_open_type(method: HierarchyRow, failures: Failures) -> Failures:
    """Return the failures with a course of ECT of no stated type as possible only, where the type decides."""
    decides = any(step.ect == "bilateral" for step in method.steps)
    if failures.ect is None or not decides or failures.ect.ect.type is not None:
        return failures
    return replace(failures, ect=replace(failures.ect, certain=False))


def _unplaced(method: HierarchyRow, failures: Failures) -> list[str]:
    """Return a remark on failures without which the stage would be the same, because the steps before theirs are not met."""
    stage = highest(method, failures)
    unplaced = [
        one.trial.drug
        for one in failures.trials
        if one.drug_class in {step.also for step in method.steps}
        and highest(method, replace(failures, trials=tuple(two for two in failures.trials if two is not one))) == stage
    ]
    remarks = []
    if failures.ect and highest(method, replace(failures, ect=None)) == stage:
        unplaced.append("ECT")
        if failures.ect.ect.type not in {None, "bilateral"}:
            remarks.append(phrase("hierarchy.not_bilateral"))
    return [*([phrase("hierarchy.unplaced", failures=names(sorted(unplaced)))] if unplaced else []), *remarks]
