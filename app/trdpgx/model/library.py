"""The contents of ``reference/`` and ``rules/``: two immutable libraries, each with a release and a digest."""

from collections.abc import Mapping
from functools import cached_property
from itertools import product

from msgspec import Struct, field

from trdpgx.model.activity import ActivityRange
from trdpgx.model.authority import Authority
from trdpgx.model.caveat import Caveat
from trdpgx.model.clinical_facts import ClinicalFacts
from trdpgx.model.evidence import Citation
from trdpgx.model.gene import FrequencyTable, GeneDefinition, Phenotype, SubAlleleVariant, VariantDefinition
from trdpgx.model.genome import Assembly, Panel, PanelSite
from trdpgx.model.patient_names import PatientNames
from trdpgx.model.rare import GeneSet, QualifyingRule
from trdpgx.model.rule import Against, Drug, Entry, Rule, VocabularyEntry
from trdpgx.model.transcript import Transcript


class ReferenceLibrary(Struct, frozen=True, eq=False):
    """``reference/``, loaded. ``sites`` is keyed by assembly and site id, ``transcripts`` by assembly and gene.

    Compared by identity, so that what is derived from it can be kept.
    """

    release: str
    digest: str
    genes: Mapping[str, GeneDefinition]
    variants: tuple[VariantDefinition, ...]
    panels: Mapping[Assembly, Panel]
    sites: Mapping[Assembly, Mapping[str, PanelSite]]
    transcripts: Mapping[Assembly, Mapping[str, Transcript]]
    frequencies: Mapping[str, FrequencyTable] = field(default_factory=dict)
    """How common named alleles are, keyed by gene; not every gene has a table."""
    suballele_variants: Mapping[tuple[str, str], SubAlleleVariant] = field(default_factory=dict)
    """Bases that sub-alleles alone have, keyed by site id and base."""
    must_see: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Alleles that a test has to see, keyed by gene and allele, with the name of the list and, where it is, that it is unverified."""


class RuleLayer(Struct, frozen=True):
    """One folder of rules. ``added`` and ``replaced`` count its rules that the layers below it do not have, or have under the same id."""

    name: str
    release: str
    digest: str
    added: int
    replaced: int


class RuleLibrary(Struct, frozen=True, dict=True):
    """What a call means: ``rules/``, loaded. ``implications`` and ``actions`` are keyed by code, ``citations`` by id.

    ``entries`` are the genes, variants and therapies without a rule. ``layers`` are the folders that it was read from, the bundled one
    first; ``release`` and ``digest`` stand for all of them. ``policy`` names the evidence policy that grades the rules. ``criteria`` define
    when a rare variant counts and ``gene_sets`` in which sets of genes, both keyed by id.
    """

    release: str
    digest: str
    rules: tuple[Rule, ...]
    drugs: Mapping[str, Drug]
    citations: Mapping[str, Citation]
    implications: Mapping[str, VocabularyEntry]
    actions: Mapping[str, VocabularyEntry]
    entries: tuple[Entry, ...] = ()
    layers: tuple[RuleLayer, ...] = ()
    policy: str = "trdpgx-evidence-3"
    grades: Mapping[str, Mapping[str, Authority]] = field(default_factory=dict)
    """For each source (`CPIC`, `FDA` ...) what its own grades mean, by the word in lower case."""
    criteria: Mapping[str, QualifyingRule] = field(default_factory=dict)
    gene_sets: Mapping[str, GeneSet] = field(default_factory=dict)
    outside_alleles: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """For each drug with such a rule, the gene and the name of every allele (HLA) that its rules ask for and that only another tool's call
    can show."""
    caveats: Mapping[str, Caveat] = field(default_factory=dict)
    """What a reader has to know about calls, by the key in ``caveats.yaml``."""
    activity: Mapping[str, Mapping[Phenotype, ActivityRange]] = field(default_factory=dict)
    """For each gene with activity scores, the scores of each of CPIC's phenotypes: the score of a result in words alone."""
    clinical: ClinicalFacts = field(default_factory=ClinicalFacts)
    """Facts about co-medication, trials, stages and interactions, one file a kind."""
    patient_names: PatientNames = field(default_factory=PatientNames)
    """What a request may call drugs and conditions."""

    @cached_property
    def rules_by_id(self) -> Mapping[str, Rule]:
        """The rules by their ids."""
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def dosed_by_age(self) -> frozenset[str]:
        """The ids of the rules with a highest dose by age."""
        return frozenset(rule.id for rule in self.rules if rule.dose is not None and rule.dose.maximum_by_age)

    @cached_property
    def advised_against_by_gene(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """For each gene the drugs that sources rule out, or advise against, for some of its results, each with these sources."""
        found: dict[str, dict[str, dict[str, None]]] = {}
        for rule in self.rules:
            against = {self.actions[code].against for code in rule.actions}
            if against - {None, Against.MAY_BE_RULED_OUT}:
                for gene, drug in product(rule.genes, rule.drugs):
                    found.setdefault(gene, {}).setdefault(drug, {})[rule.source.name] = None
        return {gene: {drug: tuple(sources) for drug, sources in drugs.items()} for gene, drugs in found.items()}


class Knowledge(Struct, frozen=True):
    """Everything the service knows, read once and shared by every request."""

    reference: ReferenceLibrary
    rulebook: RuleLibrary
