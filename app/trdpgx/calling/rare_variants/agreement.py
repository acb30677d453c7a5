"""Whether another tool's consequence agrees with our own."""

from collections.abc import Sequence
from enum import StrEnum

from trdpgx.calling.rare_variants.annotation import Annotation
from trdpgx.model.consequence import Consequence, Term


class Agreement(StrEnum):
    """How an annotation compares with our own consequence."""

    AGREES = "agrees"
    """The most severe term is the same."""
    DETAIL = "differs_in_detail"
    """Another term of the same impact class."""
    DISAGREES = "disagrees"
    NOT_COMPARED = "not_compared"
    """Another transcript, a term that has no counterpart here, or we ourselves leave it open."""


_OTHER_NAMES = {
    "3_prime_utr": Term.UTR3,
    "5_prime_utr": Term.UTR5,
    "5_prime_UTR_premature_start_codon_gain_variant": Term.UTR5,
    "conservative_inframe_deletion": Term.INFRAME_DELETION,
    "conservative_inframe_insertion": Term.INFRAME_INSERTION,
    "coding_sequence": Term.CODING_SEQUENCE,
    "disruptive_inframe_deletion": Term.INFRAME_DELETION,
    "disruptive_inframe_insertion": Term.INFRAME_INSERTION,
    "frameshift": Term.FRAMESHIFT,
    "inframe_altering": Term.PROTEIN_ALTERING,
    "initiator_codon_variant": Term.START_LOST,
    "intron": Term.INTRON,
    "missense": Term.MISSENSE,
    "splice_acceptor": Term.SPLICE_ACCEPTOR,
    "splice_donor": Term.SPLICE_DONOR,
    "splice_donor_5th_base_variant": Term.SPLICE_REGION,
    "splice_donor_region_variant": Term.SPLICE_REGION,
    "splice_polypyrimidine_tract_variant": Term.INTRON,
    "splice_region": Term.SPLICE_REGION,
    "stop_retained": Term.STOP_RETAINED,
    "synonymous": Term.SYNONYMOUS,
}
"""Names of VEP's later terms, of SnpEff and of csq. (The polypyrimidine tract reaches from the splice region into the intron.)"""


def compare(own: Consequence, annotation: Annotation) -> Agreement:
    """Compare the most severe terms. Where our own answer is open, an annotation agrees if it is one of the possible."""
    theirs = _leading(annotation.terms)
    ours = [terms[0] for terms in own.possible] or list(own.terms[:1])
    if theirs is None or not ours or not annotation.same_transcript:
        return Agreement.NOT_COMPARED
    if theirs in ours:
        return Agreement.NOT_COMPARED if own.is_ambiguous else Agreement.AGREES
    return Agreement.DETAIL if not own.is_ambiguous and theirs.impact is ours[0].impact else Agreement.DISAGREES


def _leading(names: Sequence[str]) -> Term | None:
    """Return the most severe of a tool's terms that has a counterpart here."""
    values = {term.value: term for term in Term}
    terms = [term for name in names if (term := values.get(name) or _OTHER_NAMES.get(name)) is not None]
    return min(terms, key=lambda term: term.severity, default=None)
