"""Responses of the read-only endpoints: rules, genes and drugs."""

from typing import Literal

from trdpgx.model.authority import Authority, Verdict
from trdpgx.model.base import Model
from trdpgx.model.evidence import Strength, VerificationState
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.genome import Assembly
from trdpgx.model.input_name import InputName
from trdpgx.model.options import Options
from trdpgx.model.rule import Condition, Domain, Drug, Entry, Rule


class RuleFilter(Model, use_attribute_docstrings=True, defer_build=False):
    """Filters of a list of rules. Case does not matter; all filters must match."""

    gene: str | None = None
    """HGNC symbol, such as `CYP2C19`."""
    drug: str | None = None
    """Nonproprietary name, such as `citalopram`."""
    domain: Domain | None = None
    """What kind of rule."""
    source: str | None = None
    """`CPIC`, `DPWG`, `FDA` or `research`."""


class RuleSummary(Model):
    """A rule in short: when it fires, what it states and how strong its evidence is."""

    id: str
    domain: Domain
    drugs: tuple[str, ...]
    genes: tuple[str, ...]
    when: tuple[Condition, ...]
    """All of them must hold."""
    implications: tuple[str, ...]
    actions: tuple[str, ...]
    source: str
    year: int | None
    grade: str | None
    """The source's own grade, in its own word."""
    authority: Authority | None
    """What that grade is and means; `null` for research."""
    verdict: Verdict
    """What kind of statement it is."""
    strength: Strength
    """Computed by the evidence policy from what studies showed."""
    verification: VerificationState


class RuleList(Model):
    """The rules that match, in the order in which reports apply them."""

    release: str
    digest: str
    count: int
    rules: tuple[RuleSummary, ...]


class RuleAnswer(Model):
    """One rule in full."""

    rule: Rule
    strength: Strength
    """Computed by the evidence policy from the rule's evidence."""
    policy: str
    """Name and version of the evidence policy."""
    conflict: str | None
    """Which studies of the evidence contradict each other; `null` where none do."""
    implication: str
    """The implication codes in plain words."""
    action: str
    """The action codes in plain words."""


class GeneSummary(Model):
    """A gene of the panel."""

    gene: str
    kind: Literal["named_alleles", "variants"]
    """`named_alleles`: star alleles are called. `variants`: single variants are reported as genotypes."""
    alleles: int
    sites: int
    """Number of positions in the genome that are examined."""
    variants: tuple[str, ...]
    rules: int


class GeneList(Model):
    """Every gene of the reference."""

    release: str
    digest: str
    count: int
    genes: tuple[GeneSummary, ...]


class AlleleAnswer(Model):
    """A named allele."""

    name: str
    function: str
    activity: float | None
    """Activity value; `null` where the source gives none."""
    activity_is_lower_bound: bool
    is_reference: bool
    """Whether this is the allele that the definition table is written against; it need not be `*1`."""
    callable: bool
    """Whether small-variant records can show it; the others arrive as outside calls."""
    bases: dict[str, str]
    """The sites that the definition spells out, and their bases on the plus strand. An IUPAC code means any of its bases."""
    defined_by: tuple[str, ...]
    """Sites at which the allele differs from the reference allele: all of them have to be seen to call it."""
    same_bases: tuple[str, ...]
    """Alleles with the same bases at every site, which cannot be distinguished from it."""


class SiteAnswer(Model):
    """A position in the genome that is examined, on one assembly."""

    id: str
    rsid: str | None
    assembly: Assembly
    chrom: str
    pos: int
    """1-based."""
    ref: str
    alts: tuple[str, ...]


class VariantAnswer(Model):
    """A variant that is reported as a genotype."""

    id: str
    hgvs_c: str | None
    hgvs_p: str | None
    effect_allele: str | None
    """On the plus strand."""
    palindromic: bool
    """An A/T or C/G variant: which strand it is on cannot be checked."""
    assayable: bool
    """Whether small-variant records can show it."""
    note: str | None
    verification: str


class BandAnswer(Model):
    """Activity scores between these bounds have this phenotype. The bands of a scheme leave no score out."""

    phenotype: Phenotype
    over: float | None
    """The band starts above this score, which is outside."""
    at_least: float | None
    """The band starts at this score, which is inside."""
    up_to: float | None
    """The band ends at this score, which is inside."""
    below: float | None
    """The band ends under this score, which is outside. With `up_to` `null` too: no upper end."""


class PairAnswer(Model):
    """Two allele functions and the resulting phenotype."""

    functions: tuple[str, str]
    phenotype: Phenotype


class PhenotypeTableAnswer(Model):
    """How one scheme assigns phenotypes."""

    scheme: Scheme
    bands: tuple[BandAnswer, ...]
    pairs: tuple[PairAnswer, ...]
    source: str


class GeneAnswer(Model):
    """One gene in full: its sites, the alleles that can be called, and the rules that use it."""

    gene: str
    kind: Literal["named_alleles", "variants", "entries"]
    """`entries`: the gene is not examined; its entries give the reason."""
    copy_number_matters: bool
    """Deletions, duplications and hybrids are common here, and a small-variant file cannot show them."""
    has_cpic_function: bool
    """Whether CPIC assigns functions to its alleles; without them there is no phenotype."""
    assembly_alleles: dict[Assembly, tuple[str, ...]]
    """The diplotype of each assembly's own bases: the call of a file without variants under `absent=reference`."""
    alleles: tuple[AlleleAnswer, ...]
    phenotypes: tuple[PhenotypeTableAnswer, ...]
    sites: tuple[SiteAnswer, ...]
    variants: tuple[VariantAnswer, ...]
    rules: tuple[str, ...]
    """Ids of the rules about this gene."""
    entries: tuple[Entry, ...] = ()
    """Statements about this gene that were examined and have no rule, and why."""


class DrugAnswer(Model):
    """One drug, and which rules are about it."""

    drug: Drug
    rules: tuple[str, ...]
    entries: tuple[Entry, ...] = ()
    """Statements about this drug that were examined and have no rule, and why."""


class DrugList(Model):
    """Every drug that the rules know."""

    release: str
    digest: str
    count: int
    drugs: tuple[DrugAnswer, ...]


class ReportQuery(Options, defer_build=False):
    """The query parameters of a report: its options, and its format."""

    format: str | None = None
    """The format of the reports; it overrides the Accept header."""
    input_name: InputName = None
    """Name of the input in the reports (`input.name`). Prefer the part of a form, which no proxy writes to its log."""

    def options(self) -> Options:
        """Return the options alone."""
        return Options.model_construct(**{name: getattr(self, name) for name in Options.model_fields})


class ReannotationQuery(Model, defer_build=False):
    """The query parameters of a re-annotation."""

    format: str | None = None
    """The format of the response; it overrides the Accept header. `json` and `ndjson` have the report too."""
    with_report: bool = False
    """For `html` and `text`: today's report of each follows the differences."""
