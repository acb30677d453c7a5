"""A new report from an earlier one: the genotypes that it has are called and reported like those of a file."""

from trdpgx.model.report import Report
from trdpgx.pipeline import Service
from trdpgx.reannotation.consistency import check_facts, check_same_release
from trdpgx.reannotation.document import OldReport
from trdpgx.reannotation.genotypes import recall
from trdpgx.reannotation.without_genotypes import recall_calls


def reannotate(service: Service, old: OldReport) -> Report:
    """Return the report that the knowledge of a service makes of an earlier one, with the context and the options that it had.

    Raises ``InputError`` where the earlier report contradicts itself, or names in its context or options are not known any more.
    """
    facts = old.facts
    check_facts(facts, old.document)
    reference = service.knowledge.reference
    kept = recall_calls(facts, old.document, reference) if facts.basis is None else recall(facts, facts.basis, reference)
    patient = None
    if kept.context is not None:
        as_of = facts.created_at.date() if facts.basis is None or facts.basis.as_of is None else facts.basis.as_of
        patient = service.patient(kept.context, as_of)
    options = facts.options.copy_with(sample=facts.input.sample) if facts.options.sample else facts.options
    (report,) = service.reports(kept.result, options, kept.outside, kept.targets, patient=patient)
    check_same_release(old, report, service)
    return report
