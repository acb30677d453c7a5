"""What a variant does to a transcript: Sequence Ontology terms, impact classes, and the result that the engine hands on.

Terms and their order of severity follow Ensembl VEP's table of calculated consequences
(https://www.ensembl.org/info/genome/variation/prediction/predicted_data.html), as do the impact classes.
"""

from enum import StrEnum

from msgspec import Struct


class Impact(StrEnum):
    """VEP's impact class of a term. It ranks kinds of change; it is no statement about disease or drug response."""

    HIGH = "HIGH"
    MODERATE = "MODERATE"
    LOW = "LOW"
    MODIFIER = "MODIFIER"

    @property
    def rank(self) -> int:
        """0 for the most severe."""
        return _IMPACTS.index(self)


_IMPACTS = tuple(Impact)


class Term(StrEnum):
    """A Sequence Ontology term that this project's engine uses, most severe first."""

    TRANSCRIPT_ABLATION = "transcript_ablation"
    SPLICE_ACCEPTOR = "splice_acceptor_variant"
    SPLICE_DONOR = "splice_donor_variant"
    STOP_GAINED = "stop_gained"
    FRAMESHIFT = "frameshift_variant"
    STOP_LOST = "stop_lost"
    START_LOST = "start_lost"
    INFRAME_INSERTION = "inframe_insertion"
    INFRAME_DELETION = "inframe_deletion"
    MISSENSE = "missense_variant"
    PROTEIN_ALTERING = "protein_altering_variant"
    SPLICE_REGION = "splice_region_variant"
    STOP_RETAINED = "stop_retained_variant"
    SYNONYMOUS = "synonymous_variant"
    CODING_SEQUENCE = "coding_sequence_variant"
    UTR5 = "5_prime_UTR_variant"
    UTR3 = "3_prime_UTR_variant"
    INTRON = "intron_variant"
    UPSTREAM = "upstream_gene_variant"
    DOWNSTREAM = "downstream_gene_variant"

    @property
    def severity(self) -> int:
        """0 for the most severe."""
        return _SEVERITY[self]

    @property
    def impact(self) -> Impact:
        """VEP's impact class of this term."""
        if self.severity <= _SEVERITY[Term.START_LOST]:
            return Impact.HIGH
        if self.severity <= _SEVERITY[Term.PROTEIN_ALTERING]:
            return Impact.MODERATE
        return Impact.LOW if self.severity <= _SEVERITY[Term.SYNONYMOUS] else Impact.MODIFIER


_SEVERITY = {term: rank for rank, term in enumerate(Term)}


class Decay(StrEnum):
    """Whether nonsense-mediated decay is to be expected of a premature stop, by the 50-nucleotide rule. A prediction, never a finding."""

    PREDICTED = "predicted"
    """The new stop lies more than 50 nucleotides before the last exon-exon junction."""
    ESCAPES = "escapes"
    """It lies nearer, or behind it, or there is no junction."""
    UNKNOWN = "unknown"
    """The position of the new stop is not known."""


class Limit(StrEnum):
    """What limits a result: a code, which the report puts into words."""

    SHIFT_LIMITED = "shift_limited"
    """The 3' rule was applied only as far as the sequence around the variant is known."""
    NO_CODING_SEQUENCE = "no_coding_sequence"
    """The coding sequence is not known: the answer comes from the protein, the codon phase and the variant's own REF and ALT."""
    REFERENCE_MISMATCH = "reference_mismatch"
    """REF is not what the transcript has here (or encodes another residue): nothing is concluded."""
    ASSEMBLY_DIFFERENCE = "assembly_difference"
    """This assembly's own base differs from the transcript's here; the variant was compared with the transcript."""
    SPLICE_SITE_COPIED = "splice_site_copied"
    """A splice site stands there twice; which of the two is used is not known, so both readings are given."""
    TRANSCRIPT_ALLELE = "transcript_allele"
    """ALT is the transcript's own base: against the transcript there is no change."""


class Consequence(Struct, frozen=True):
    """What one allele (or several in cis, read together) does to one transcript.

    ``terms`` are in order of severity. Where what is known does not settle the change (``limits`` holds why), ``terms`` is empty and
    ``possible`` holds each answer that is left, most severe first. ``hgvs_c`` and ``hgvs_p`` are full descriptions with their
    accessions, by the HGVS nomenclature; ``hgvs_c`` is ``None`` outside the transcript, ``hgvs_p`` where no coding base is touched
    and no splice site. ``exon`` and ``intron`` are ``number/total`` of the first one that is touched.
    """

    terms: tuple[Term, ...]
    possible: tuple[tuple[Term, ...], ...] = ()
    hgvs_c: str | None = None
    hgvs_p: str | None = None
    decay: Decay | None = None
    exon: str | None = None
    intron: str | None = None
    limits: tuple[Limit, ...] = ()

    @property
    def is_ambiguous(self) -> bool:
        """Whether more than one answer is left."""
        return len(self.possible) > 1

    @property
    def name(self) -> str | None:
        """The most severe term; ``missense_or_synonymous``-like where more than one is left; ``None`` where nothing was concluded."""
        if self.is_ambiguous:
            shared = set(self.possible[0]).intersection(*self.possible[1:])
            return "_or_".join(term.removesuffix("_variant") for terms in self.possible for term in terms if term not in shared)
        return self.terms[0].value if self.terms else None

    @property
    def impacts(self) -> tuple[Impact, ...]:
        """The impact class, or each that is possible, most severe first; empty where nothing was concluded."""
        leading = [terms[0].impact for terms in self.possible] if self.is_ambiguous else [term.impact for term in self.terms[:1]]
        return tuple(dict.fromkeys(sorted(leading, key=lambda impact: impact.rank)))
