"""Names of variants on the genome: HGVS g. descriptions from a site's own spelling (HGVS nomenclature, DNA recommendations)."""

from trdpgx.model.genome import PanelSite


def genomic_name(site: PanelSite, allele: str) -> str:
    """Return the HGVS g. description of an allele of a site, without the sequence's name: ``g.94781859G>A``, ``g.42128242del``.

    An indel is moved as far to the 3' end as the site's context tells, and an insertion that repeats what stands before it is a ``dup``,
    as HGVS asks for.
    """
    lead = _common(site.ref, allele)
    gone, new = site.ref[lead:], allele[lead:]
    tail = _common(gone[::-1], new[::-1])
    gone, new = gone[: len(gone) - tail], new[: len(new) - tail]
    start = site.pos + lead
    if len(gone) == len(new) == 1:
        return f"g.{start}{gone}>{new}"
    if gone and new:
        return f"g.{_span(start, len(gone))}delins{new}"
    changed = gone or new
    following = site.context[lead + len(gone) :]
    for base in following:
        if base != changed[0]:
            break
        changed, start = changed[1:] + base, start + 1
    if gone:
        return f"g.{_span(start, len(gone))}del"
    if (site.context[: start - site.pos]).endswith(changed):
        return f"g.{_span(start - len(changed), len(changed))}dup"
    return f"g.{start - 1}_{start}ins{changed}"


def _common(first: str, second: str) -> int:
    """Return the length of the longest common beginning of two texts."""
    return next((n for n, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second)))


def _span(start: int, length: int) -> str:
    return str(start) if length == 1 else f"{start}_{start + length - 1}"
