"""Notes on guidance that names another drug with considerations: the only part of a row that depends on other rows of a sample.

A report summarises every drug for them. Here only drugs that a text of the rules names are summarised, once for equal considerations and
calls of a block.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from trdpgx.cohort.call_table import CallTable
from trdpgx.model.consideration import Consideration
from trdpgx.model.library import RuleLibrary
from trdpgx.reasoning.cross_references import CONSIDERED, NOT_SETTLED, drugs_changed, note_on_named
from trdpgx.reasoning.drugs import summarise_drug
from trdpgx.reasoning.summary.drug_groups import DrugGroup, group_of


class BlockNotes(Struct):
    """The notes of one block: the summary's group of a drug is found once for equal considerations and calls."""

    rulebook: RuleLibrary
    calls: CallTable
    _groups: dict[tuple[str, tuple[int, ...], tuple[int, ...]], str] = field(default_factory=dict)

    def note(self, sample: int, named: Sequence[str], stated: Mapping[str, Mapping[int, Consideration]]) -> str | None:
        """Return the note of a sample for a text that names some drugs. ``stated`` has the considerations on each, by their item."""
        others: dict[str, list[str]] = {group: [] for group in (*CONSIDERED, NOT_SETTLED)}
        for drug in named:
            own = stated.get(drug)
            group = self._group(sample, drug, own) if own else None
            if group in others:
                others[group].append(drug)
        return note_on_named(named, others)

    def _group(self, sample: int, drug: str, stated: Mapping[int, Consideration]) -> str:
        concerned = dict.fromkeys(gene for one in stated.values() for gene in one.genes)
        index = self.calls.gene_index[sample]
        numbers = tuple(int(index[self.calls.gene_names.index(gene)]) for gene in concerned if gene in self.calls.gene_names)
        key = (drug, tuple(stated), numbers)
        if key not in self._groups:
            genes = {gene.gene: gene for gene in (self.calls.genes[number] for number in index.tolist() if number >= 0)}
            considerations = list(stated.values())
            report = summarise_drug(self.rulebook, drug, considerations, genes)
            group, _ = group_of(self.rulebook, report, considerations)
            unchanged = group is DrugGroup.CHANGE_CONSIDERED and drug not in drugs_changed(self.rulebook, considerations)
            self._groups[key] = NOT_SETTLED if unchanged else group.value
        return self._groups[key]
