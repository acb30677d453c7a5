"""The rare variants of one gene along its protein, with whether each counts by a criterion of the rules."""

import re
from collections.abc import Sequence

from trdpgx.model.variant_report import RareGeneReport, RareVariantReport
from trdpgx.report.html.svg import LinearScale, Svg
from trdpgx.report.wording import COUNTS
from trdpgx.texts import phrase

_RESIDUE = re.compile(r"p\.\(?[A-Z][a-z]{2}(\d+)")
"""The first residue of a description by HGVS."""
_WIDTH, _LEFT, _RIGHT, _ROW = 720, 60, 60, 22


def along_protein(gene: RareGeneReport, variants: Sequence[RareVariantReport]) -> list[tuple[int, RareVariantReport]]:
    """Return the gene's variants that change the protein, each with its first residue, in the order of the protein."""
    found = ((match, one) for one in variants if one.gene == gene.gene and (match := _RESIDUE.search(one.hgvs_p or "")))
    return sorted(((int(match[1]), one) for match, one in found), key=lambda pair: pair[0])


def protein_figure(gene: RareGeneReport, variants: Sequence[RareVariantReport], prefix: str = "") -> str | None:
    """Return the figure, or ``None`` where nothing can be drawn: no such variant, or the length of the protein is not known."""
    shown = along_protein(gene, variants)
    if not shown or gene.protein_length is None:
        return None
    svg = Svg(
        key=f"{prefix}protein-{gene.gene}",
        title=phrase("protein_figure.title", gene=gene.gene),
        description=phrase("protein_figure.description", shown=len(shown), protein_length=gene.protein_length),
        width=_WIDTH,
        height=64 + _ROW * len(shown),
    )
    x = LinearScale(1, gene.protein_length, _LEFT, _WIDTH - _RIGHT)
    bar = 14 + _ROW * len(shown)
    for row, (residue, variant) in enumerate(shown):
        y = 14 + row * _ROW
        svg.line(x(residue), y, x(residue), bar, "axis")
        _glyph(svg, variant.qualifies, x(residue), y)
        words = f"{(variant.hgvs_p or '').rpartition(':')[2]}, {variant.zygosity}: {COUNTS[variant.qualifies]}"
        if x(residue) > _WIDTH / 2:
            svg.text(x(residue) - 10, y + 4, words, "label end")
        else:
            svg.text(x(residue) + 10, y + 4, words)
    svg.rect(_LEFT, bar, x(gene.protein_length) - _LEFT, 14, "band band1")
    svg.text(_LEFT, bar + 32, "1", "label middle")
    svg.text(x(gene.protein_length), bar + 32, str(gene.protein_length), "label middle")
    return svg.render()


def _glyph(svg: Svg, qualifies: bool | None, x: float, y: float) -> None:
    """Draw filled what counts, hollow what does not, and a square where that is not known."""
    if qualifies is None:
        svg.rect(x - 5, y - 5, 10, 10, "glyph hollow")
    else:
        svg.circle(x, y, 6, "glyph filled" if qualifies else "glyph hollow")
