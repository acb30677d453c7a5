"""Alleles as edits of the reference: the change from REF to ALT without padding, and whether two spellings are the same variant."""

from trdpgx.model.edit import Edit, trim
from trdpgx.model.genome import PanelSite
from trdpgx.model.nucleotides import BASES, IUPAC


def is_sequence(allele: str) -> bool:
    """Whether an allele is spelled in bases."""
    return bool(allele) and BASES.issuperset(allele)


def edits_of(pos: int, ref: str, alt: str) -> tuple[Edit, ...]:
    """Return the edits that turn ``ref`` (at ``pos``) into ``alt``: one a base where lengths agree, else one for the trimmed core."""
    if len(ref) == 1 == len(alt):
        return () if ref == alt else (Edit(pos, ref, alt),)
    if len(ref) == len(alt):
        return tuple(Edit(pos + index, old, new) for index, (old, new) in enumerate(zip(ref, alt, strict=True)) if old != new)
    return (trim(pos, ref, alt),)


def agrees(pos: int, ref: str, site: PanelSite) -> bool:
    """Whether ``ref`` at ``pos`` has the bases that the panel knows, where they overlap. Ambiguity letters agree with their bases."""
    if pos >= site.pos and site.context.startswith(ref, pos - site.pos):
        return True
    first = max(pos, site.pos)
    last = min(pos + len(ref), site.pos + len(site.context)) - 1
    return all(
        base == known or known in IUPAC.get(base, "") or base in IUPAC.get(known, "")
        for base, known in zip(ref[first - pos : last - pos + 1], site.context[first - site.pos : last - site.pos + 1], strict=True)
    )


def known_allele(site: PanelSite, edit: Edit) -> str | None:
    """Return the site's own spelling of an edit, or ``None`` if it is no allele of the site.

    Two spellings are one variant if they turn the site's context into the same sequence; so it does not matter where in a repeat a
    file puts an insertion or a deletion.
    """
    start = edit.start - site.pos
    if len(edit.alt) > len(site.context) + max(map(len, site.alts)):
        return None
    if start < 0 or start + len(edit.ref) > len(site.context) or not site.context.startswith(edit.ref, start):
        return None
    sequence = site.context[:start] + edit.alt + site.context[start + len(edit.ref) :]
    rest = site.context[len(site.ref) :]
    return next((alt for alt in site.alts if alt + rest == sequence), None)


def slide_left(site: PanelSite, edit: Edit) -> Edit:
    """Return an insertion or deletion moved as far left as the site's context allows, the anchor base left alone."""
    return [edit, *edit.to_left(lambda at: site.base(at) if at > site.pos else "")][-1]


def placements(site: PanelSite, edit: Edit) -> list[Edit]:
    """Return the positions in the site's context at which an insertion or deletion makes the same sequence, from its own to the right."""
    return [edit, *edit.to_right(site.base)]


def subtract(mixed: Edit, core: Edit) -> list[Edit] | None:
    """Return the substitutions that are left of ``mixed`` when ``core`` is taken out of it, or ``None`` if other things are left, too."""
    start = core.start - mixed.start
    if core.is_substitution or start < 0 or core.end > mixed.end or not mixed.ref.startswith(core.ref, start):
        return None
    changed = mixed.ref[:start] + core.alt + mixed.ref[start + len(core.ref) :]
    if len(changed) != len(mixed.alt):
        return None
    shift = len(core.ref) - len(core.alt)
    return [
        Edit(mixed.start + index + (shift if index >= start + len(core.alt) else 0), old, new)
        for index, (old, new) in enumerate(zip(changed, mixed.alt, strict=True))
        if old != new
    ]
