"""Names of genes as other tools write them, alone and before their alleles."""

import re
from functools import partial

_HLA = re.compile(r"HLA[-_ ]?([A-G]|D[A-Z]{2}\d?|MIC[AB])", re.IGNORECASE)
_HLA_ALLELE = re.compile(r"(?:HLA[-_ ]?)?([A-G]|D[A-Z]{2}\d?)\s?(\*\d.*)", re.IGNORECASE)
_BEFORE = re.compile(r"(?<![A-Za-z0-9*])((?:HLA[-_ ])?[A-Za-z][A-Za-z0-9-]*)[\s:_-]*(?=\*)", re.IGNORECASE)
_HLA_BEFORE = re.compile(r"(?<![A-Za-z0-9*])(HLA[-_ ]?[A-Za-z]+\d?)[\s:_-]+(?=\d)", re.IGNORECASE)
_SYMBOL = re.compile(r"[A-Z][A-Z0-9-]{1,19}")
_LONGEST = 300
"""Longer texts are no names; they are left as they are, for the model to refuse."""


def gene_and_allele(text: str) -> tuple[str, str | None]:
    """Return a gene's symbol, and the allele that stands after it: ``HLA-B*15:02`` is ``HLA-B`` and ``*15:02``.

    ``hla_b``, ``HLA B`` and ``HLAB`` are ``HLA-B``; other genes come back in upper case.
    """
    name = text.strip()
    if len(name) > _LONGEST:
        return name, None
    allele = _HLA_ALLELE.fullmatch(name)
    if allele:
        return f"HLA-{allele[1].upper()}", allele[2]
    alone = _HLA.fullmatch(name)
    return (f"HLA-{alone[1]}" if alone else name).upper(), None


def is_gene(text: str) -> bool:
    """Return whether a text is written like a gene's symbol: in capitals, or in any case for CYP, UGT and HLA genes."""
    symbol, allele = gene_and_allele(text)
    written_so = allele is not None or text.upper() == text or symbol.startswith(("CYP", "UGT", "HLA-"))
    return written_so and _SYMBOL.fullmatch(symbol) is not None


def without_gene(gene: str, text: str) -> str:
    """Return a result without the gene's own name before each allele: ``CYP2D6*3/CYP2D6 *4`` is ``*3/*4``.

    Another gene's name stays, so that its alleles are not taken for this gene's.
    """
    if len(text) > _LONGEST:
        return text
    return _HLA_BEFORE.sub(partial(_own, gene), _BEFORE.sub(partial(_own, gene), text))


def _own(gene: str, match: re.Match[str]) -> str:
    """Return what stays of a gene's name before an allele: nothing of the gene's own."""
    name = re.sub(r"[\s_]+", "-", match[1].strip(" :_-").upper())
    hla = gene.removeprefix("HLA-")
    own = {gene} if hla == gene else {gene, f"HLA{hla}", hla}
    return "" if name in own else match[0]
