"""What every request shares: the knowledge, and what follows from it for every input."""

from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

from trdpgx.calling.rare_variants.genes import RareGenesByAssembly
from trdpgx.calling.rare_variants.observe import Lookup
from trdpgx.knowledge.load import load_frequencies, load_knowledge
from trdpgx.knowledge.reference.gene_spans import gene_spans
from trdpgx.model.genome import Assembly
from trdpgx.model.library import Knowledge
from trdpgx.model.settings import Settings
from trdpgx.reasoning.prepared import PreparedRules, prepare
from trdpgx.report.assemble import Origin, origin_of


class Loaded(Struct, frozen=True):
    """What is read from files before any request, and never changes.

    What follows from it for every input is worked out when it is first asked for, or by ``complete``.
    """

    knowledge: Knowledge
    frequencies: Mapping[Assembly, Lookup]
    rules: PreparedRules
    rare_genes: RareGenesByAssembly
    origin: Origin

    def complete(self) -> None:
        """Work out now what follows for every input, so that processes that are forked later share it."""
        for assembly in Assembly:
            self.rare_genes[assembly]
        for case in self.rules.cases:
            len(case.named_drugs)


def load(settings: Settings) -> Loaded:
    """Read the knowledge that the settings name. Raises ``OSError`` or ``ValueError`` with the file and what is wrong in it."""
    knowledge = load_knowledge(settings.reference, settings.rules, settings.evidence_policy)
    gene_spans()
    paths = {Assembly.GRCH37: settings.frequencies_grch37, Assembly.GRCH38: settings.frequencies_grch38}
    files = load_frequencies(paths, knowledge.reference.panels)
    return Loaded(
        knowledge=knowledge,
        frequencies={assembly: file.lookup for assembly, file in files.items()},
        rules=prepare(knowledge.rulebook),
        rare_genes=RareGenesByAssembly(knowledge),
        origin=origin_of(knowledge),
    )


@lru_cache(maxsize=1)
def load_once(settings: Settings) -> Loaded:
    """Read the knowledge, or return what was read with the same settings. It holds nothing of a person."""
    return load(settings)
