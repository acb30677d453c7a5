"""What a variant does to a transcript: consequence, impact, HGVS and decay, as pure functions of sequence.

The modules in the order in which they are used: ``track`` (a transcript in its own direction), ``placement`` (an allele on it, with every
equivalent placement), ``region`` (what it touches), ``coding`` (what it does to the protein), ``protein`` and ``nucleotide`` (HGVS),
``engine`` (the whole for one allele, with nonsense-mediated decay) and ``cis`` (alleles of one haplotype read together). Why it is our own
and not a library: docs/decisions/0030-consequence-engine.md.
"""

from trdpgx.calling.consequence.engine import consequence

__all__ = ["consequence"]
