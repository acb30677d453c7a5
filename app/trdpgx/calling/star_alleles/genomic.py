"""Names of variants on the genome: HGVS g. descriptions from a site's own spelling (HGVS nomenclature, DNA recommendations)."""

from trdpgx.model.edit import trim
from trdpgx.model.genome import PanelSite


def genomic_name(site: PanelSite, allele: str) -> str:
    """Return the HGVS g. description of an allele of a site, without the sequence's name: ``g.94781859G>A``, ``g.42128242del``.

    An indel is moved as far to the 3' end as the site's context tells, and an insertion that repeats what stands before it is a ``dup``,
    as HGVS asks for.
    """
    edit = trim(site.pos, site.ref, allele)
    if edit.is_substitution:
        return f"g.{edit.start}{edit.ref}>{edit.alt}"
    if edit.ref and edit.alt:
        return f"g.{_span(edit.start, len(edit.ref))}delins{edit.alt}"
    edit = [edit, *edit.to_right(site.base)][-1]
    start, new = edit.start, edit.alt
    if edit.is_deletion:
        return f"g.{_span(start, len(edit.ref))}del"
    if (site.context[: start - site.pos]).endswith(new):
        return f"g.{_span(start - len(new), len(new))}dup"
    return f"g.{start - 1}_{start}ins{new}"


def _span(start: int, length: int) -> str:
    return str(start) if length == 1 else f"{start}_{start + length - 1}"
