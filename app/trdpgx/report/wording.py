"""Headings, keys and fixed sentences that several formats share: one module in which to change them, or to translate them.

Everything else that a reader sees comes from ``rules/`` or from the templates of the page.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from trdpgx.model.authority import AuthorityKind, Verdict
from trdpgx.model.evidence import Stance, Strength
from trdpgx.model.input import EarlierReport
from trdpgx.model.rule import Direction

GROUP_HEADINGS: Sequence[tuple[str, str, str]] = (
    ("ruled_out", "Ruled out or advised against", "At least one source rules the drug out, or advises against it, for what was seen."),
    ("change_considered", "Another dose, another drug or closer watching considered", "At least one source considers a change."),
    ("sources_differ", "Sources differ", "The sources point in different directions."),
    ("research_only", "Research findings only", "No guideline gives advice for what was seen."),
    ("no_change", "No change asked for", "The sources that looked ask for no change because of these genes."),
    ("not_covered", "Nothing follows", "Nothing follows from this file for these drugs, and why. That does not clear them."),
)
"""Groups of drugs in the summary, in order: key, heading, what it means."""

GUIDANCE = "Guidelines and labels"
BY_AUTHORITY = (
    "Behind each source stands its authority, in its own word (Strong, Potentially beneficial, Section 1 ...: see the key). "
    "It is no measure of evidence: the sources weighed the studies, and they were not graded here."
)
CONVERTED = "Under current drugs, by a convention and not guideline advice"
FINDINGS = "Research findings, no advice"
RARE = "Rare variants"
NOT_RARE = "Other variants of these genes, not rare"
NOTHING_STANDS_OUT = "Nothing that this release looks for stands out in what was seen."
NO_RESISTANCE = "Nothing of what this release looks for on resistance itself was seen. Much was not looked at: see the limits."

LOOKED_AT_KINDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "drug": ("drug", "drugs"),
        "therapy": ("therapy", "therapies"),
        "gene": ("gene", "genes"),
        "variant": ("variant", "variants"),
        "test": ("test", "tests"),
    }
)
"""What nothing follows of, one and several, by ``looked_at[].kind``."""

COUNTS: Mapping[bool | None, str] = MappingProxyType({True: "counts", False: "does not count", None: "not known whether it counts"})
"""Whether a rare variant counts by a study's rule."""

DIRECTION_WORDS: Mapping[Direction, str] = MappingProxyType(
    {
        Direction.AVOID: "another drug",
        Direction.LOWER: "lower dose",
        Direction.HIGHER: "higher dose",
        Direction.MONITOR: "closer watching",
        Direction.STANDARD: "no change",
        Direction.NONE: "no advice",
    }
)
"""What a direction is called, the most far-reaching first."""

STANCE_WORDS: Mapping[Stance, str] = MappingProxyType(
    {
        Stance.SUPPORTS: "supports",
        Stance.NULL: "no effect seen",
        Stance.CONTRADICTS: "contradicts",
        Stance.INSUFFICIENT: "too thin to settle it",
        Stance.NOT_READ: "not read",
    }
)

EVIDENCE_KEY: Mapping[Strength, str] = MappingProxyType(
    {
        Strength.STRONG: "a large meta-analysis with a clear result, and a trial or another large study with the same",
        Strength.MODERATE: "a large meta-analysis with a clear result, or several studies with clear results",
        Strength.LIMITED: "more than one study, or one large study with a large and clear effect",
        Strength.PRELIMINARY: "one study, or nothing that was verified, or no study in people",
        Strength.CONFLICTING: "studies in people on both sides, and neither side weighs three times the other",
        Strength.NONE: "nothing supports the claim, or what speaks against it weighs three times what supports it",
        Strength.WEIGHED_BY_SOURCE: "a guideline or a label speaks; its authors weighed the studies, and they were not graded here",
    }
)
"""What the words of ``evidence.strength`` mean, in short; docs/evidence.md has the policy."""

COUNTED_KEY: Mapping[Strength, str] = MappingProxyType(
    {
        Strength.STRONG: "a guideline or label with its highest grade, or a large meta-analysis with a randomised trial beside it",
        Strength.MODERATE: "a guideline or label with a middle grade, or a meta-analysis of 1,000 people or more",
        Strength.LIMITED: "a guideline or label with a low grade or none, or smaller studies",
        Strength.PRELIMINARY: "one small study, or nothing that was verified, or no study in people",
        Strength.CONFLICTING: "studies in people on both sides",
        Strength.NONE: "nothing supports the claim, or the source makes no recommendation",
    }
)
"""The same by the policies 1 and 2, which made one word of authority and evidence."""

STRENGTH_WORDS: Mapping[Strength, str] = MappingProxyType(
    {strength: strength.value.replace("_", " ").replace("by source", "by the source") for strength in Strength}
)
"""What a sentence calls a strength."""

AUTHORITY_WORDS: Mapping[AuthorityKind, str] = MappingProxyType(
    {
        "recommendation": "strength of the recommendation",
        "test_utility": "use of a test before treatment",
        "table_section": "section of the table",
        "label_section": "the label",
    }
)
"""What a source grades."""

VERDICT_WORDS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.ADVICE: "advice",
        Verdict.NO_CHANGE: "no change asked for",
        Verdict.NO_INTERACTION: "not an interaction",
        Verdict.NO_RECOMMENDATION: "no recommendation",
        Verdict.FINDING: "a finding, no advice",
        Verdict.NO_EFFECT: "no effect found",
    }
)
"""What kind of statement a source makes."""

GRADE_KEY: Mapping[str, str] = MappingProxyType(
    {
        "CPIC": "Strong, Moderate, Optional, No recommendation: how strong the recommendation is",
        "DPWG": "Essential, Beneficial, Potentially beneficial: how useful a test before treatment is; Action, No action, No interaction: "
        "whether the pair asks for anything",
        "FDA": "Section 1: data support management by genotype; 2: a potential impact on safety or response; 3: an impact on drug levels "
        "only; Label: a statement of the label",
    }
)
"""What each source's own grades mean. They are authority or usefulness, and no measure of evidence."""

_APART = (
    "Authority is a source's own grade, in its own word: how far it commits itself. Evidence is what studies showed, graded by {policy}. "
    "The one is no measure of the other."
)
_AS_ONE = (
    "Evidence is graded by {policy}, which takes a source's own grade for a guideline or a label and counts studies for research. "
    "The source's own grade stands beside it as its authority."
)
_READING_KEY: Sequence[str] = (
    '"No change asked for" and "not an interaction" are verdicts of a source, and no degree of evidence.',
    '"The source\'s figures" are for groups of people, never an order for one person; "the usual dose" is the usual one of that source.',
    "The counted allele of a variant is the one that studies speak of, written as on the plus strand of the genome.",
    "Poor, intermediate, normal, rapid and ultrarapid metabolizers: no, less, the usual, somewhat more and much more activity of the "
    "enzyme, by the alleles that were seen.",
    "\"By DPWG\": DPWG's own cut-offs over CPIC's activity values; other tools read DPWG by CPIC's cut-offs.",
    '"Holds for some": the file leaves more than one result possible, and the consideration holds for part of them.',
)
_COUNTING = frozenset({"trdpgx-evidence-1", "trdpgx-evidence-2"})


def reading_key(policy: str) -> tuple[str, ...]:
    """Return how to read a consideration that a policy graded."""
    first = _AS_ONE if policy in _COUNTING else _APART
    return (first.format(policy=policy), *_READING_KEY)


def evidence_key(policy: str) -> Mapping[Strength, str]:
    """Return what the words of ``evidence.strength`` mean by a policy."""
    return COUNTED_KEY if policy in _COUNTING else EVIDENCE_KEY


STAGING_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "thase_rush": "Thase-Rush",
        "european": "European staging",
        "mgh_s": "MGH-S",
        "maudsley": "Maudsley",
        "fda": "FDA",
        "ema": "EMA",
        "eu_pearl": "EU-PEARL",
        "canadian": "Canadian",
        "athf_sf": "ATHF-SF",
    }
)
"""What readers call the staging methods and definitions, by their field in ``treatment_history.staging``."""


def caller_words(source: str) -> str:
    """Return who called a gene: ``vcf`` or ``outside:Cyrius``, in words."""
    tool = source.removeprefix("outside:")
    return "read from the file" if source == "vcf" else f"called by {'an ' if tool == 'unnamed tool' else ''}{tool}"


def how_sure(certainty: str, *, disputed: bool, presumes_copies: bool) -> str:
    """Return how sure the result of a gene is, in words: ``summary.genes[].certainty``, and what limits it beyond that."""
    if disputed:
        return "disputed"
    if certainty == "stated" and presumes_copies:
        return "presumes two ordinary copies"
    return {"stated": "called", "assumed": "assumed, not observed"}.get(certainty, certainty.replace("_", " "))


SHORT_TEXT = "The short text: `--detail full` (HTTP: `detail=full`) and `--format html` have everything."


def made_again(earlier: EarlierReport) -> str:
    """Return the sentence about a report that was made from an earlier one."""
    made = f"{earlier.created_at:%Y-%m-%d} (rules {earlier.rules_release}, reference {earlier.reference_release})"
    return f"Made again from the report of {made}; the genome's file was not read."
