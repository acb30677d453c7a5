"""The drugs of closed lists by name: those that something limits stand apart, after what does."""

from collections.abc import Iterable, Mapping, Sequence

from trdpgx.model.composed import PartKind
from trdpgx.model.report import Report
from trdpgx.model.summary import SummaryDrug
from trdpgx.reasoning.summary.current import restricted_drugs
from trdpgx.report.grouping import guides_by_genotype, uncalled_by_drug
from trdpgx.texts import listed, phrase


def no_change_names(report: Report, shown: Mapping[str, str]) -> str:
    """Return drugs for which no change is asked for as one text; those that something else limits stand apart, after what does.

    ``shown`` has by the name of a drug, in their order, how it is written. A drug stands apart where an interaction or something stated of
    the person restricts it, or where a gene of its rules was not called.
    """
    restricted = restricted_drugs(report.treatment_history, report.interactions)
    uncalled = uncalled_by_drug(report)
    plain, by_genes, others = [], dict[tuple[str, str], list[str]](), []
    for name, words in shown.items():
        if name in restricted:
            others.append(words)
        elif unseen := uncalled.get(name):
            by_genes.setdefault((_seen_of(report, name, unseen), listed(unseen)), []).append(words)
        else:
            plain.append(words)
    parts = ["; ".join(plain)]
    parts += [
        phrase("no_change_apart.by_some", seen=genes, unseen=unseen, names="; ".join(names)) for (genes, unseen), names in by_genes.items()
    ]
    parts += [phrase("no_change_apart.restricted", names="; ".join(others))] if others else []
    return ". ".join(filter(None, parts))


def restricted_apart(report: Report, drugs: Iterable[SummaryDrug]) -> str:
    """Return the names of drugs as one text; those that an interaction or something stated of the person restricts stand apart, last."""
    restricted = restricted_drugs(report.treatment_history, report.interactions)
    names = [drug.name for drug in drugs]
    others = [name for name in names if name in restricted]
    apart = phrase("no_change_apart.restricted", names=", ".join(others)) if others else ""
    return ". ".join(filter(None, (", ".join(name for name in names if name not in restricted), apart)))


def going_further(report: Report, drugs: Iterable[SummaryDrug]) -> str:
    """Return with which of the drugs sources would go further by a result that is not reported or another number of copies, as a text.

    It begins with a full stop, and is empty where there is none.
    """
    ones = list(drugs)
    not_seen = report.summary.not_seen if report.summary else ()
    against = {drug for one in not_seen if one.code == "copy_number_not_assessed" for drug in one.drugs}
    names = {
        "by_other_result": [drug.name for drug in ones if PartKind.OTHER_RESULT in [part.kind for part in drug.parts]],
        "by_copies": [drug.name for drug in ones if drug.name in against],
    }
    return "".join([f". {phrase(f'no_change_apart.{key}', names=', '.join(of_key))}" for key, of_key in names.items() if of_key])


def _seen_of(report: Report, name: str, unseen: Sequence[str]) -> str:
    """Return the genes on which guidance on a drug rests by genotype, without those that were not called."""
    mine = [one for one in report.considerations if name in one.drugs and guides_by_genotype(one)]
    return listed(list(dict.fromkeys(gene for one in mine for gene in one.genes if gene not in unseen)))
