"""Alleles as edits of the reference: what a REF and an ALT change, with padding taken off, and when two spellings are one variant."""

from dataclasses import dataclass

from trdpgx.model.genome import PanelSite
from trdpgx.model.nucleotides import BASES, IUPAC, trimmed


@dataclass(frozen=True, slots=True)
class AlleleEdit:
    """An interval of the reference from ``pos`` (1-based) that reads ``ref`` and is replaced by ``alt``.

    Nothing is shared at either end, so an insertion has an empty ``ref`` (it goes in before ``pos``) and a deletion an empty ``alt``.
    """

    pos: int
    ref: str
    alt: str

    @property
    def end(self) -> int:
        """Last replaced position; before ``pos`` for an insertion."""
        return self.pos + len(self.ref) - 1

    @property
    def is_substitution(self) -> bool:
        """Whether one base becomes another."""
        return len(self.ref) == 1 == len(self.alt)

    @property
    def is_deletion(self) -> bool:
        """Whether bases are lost and none come in."""
        return not self.alt


def is_sequence(allele: str) -> bool:
    """Whether an allele is spelled in bases."""
    return bool(allele) and BASES.issuperset(allele)


def edits_of(pos: int, ref: str, alt: str) -> tuple[AlleleEdit, ...]:
    """Return the edits that turn ``ref`` (at ``pos``) into ``alt``: one a base where lengths agree, else one for the trimmed core."""
    if len(ref) == 1 == len(alt):
        return () if ref == alt else (AlleleEdit(pos, ref, alt),)
    if len(ref) == len(alt):
        return tuple(AlleleEdit(pos + index, old, new) for index, (old, new) in enumerate(zip(ref, alt, strict=True)) if old != new)
    shared, ref, alt = trimmed(ref, alt)
    return (AlleleEdit(pos + shared, ref, alt),)


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


def known_allele(site: PanelSite, edit: AlleleEdit) -> str | None:
    """Return the site's own spelling of an edit, or ``None`` if it is no allele of the site.

    Two spellings are one variant if they turn the site's context into the same sequence; so it does not matter where in a repeat a
    file puts an insertion or a deletion.
    """
    start = edit.pos - site.pos
    if len(edit.alt) > len(site.context) + max(map(len, site.alts)):
        return None
    if start < 0 or start + len(edit.ref) > len(site.context) or not site.context.startswith(edit.ref, start):
        return None
    sequence = site.context[:start] + edit.alt + site.context[start + len(edit.ref) :]
    rest = site.context[len(site.ref) :]
    return next((alt for alt in site.alts if alt + rest == sequence), None)


def slide_left(site: PanelSite, edit: AlleleEdit) -> AlleleEdit:
    """Return an insertion or deletion moved as far left as the site's context allows, the anchor base left alone."""
    pos, ref, alt = edit.pos, edit.ref, edit.alt
    moving = ref or alt
    if (ref and alt) or not moving:
        return edit
    while site.pos + 1 < pos <= site.pos + len(site.context) and site.context[pos - 1 - site.pos] == moving[-1]:
        pos -= 1
        moving = moving[-1] + moving[:-1]
    return AlleleEdit(pos, moving if ref else "", moving if alt else "")


def placements(site: PanelSite, edit: AlleleEdit) -> list[AlleleEdit]:
    """Return the positions in the site's context at which an insertion or deletion makes the same sequence, from its own to the right."""
    found = [edit]
    pos, moving = edit.pos, edit.ref or edit.alt
    if not moving or (edit.ref and edit.alt):
        return found
    while site.context[pos + len(edit.ref) - site.pos :].startswith(moving[0]):
        pos += 1
        moving = moving[1:] + moving[0]
        found.append(AlleleEdit(pos, moving if edit.ref else "", moving if edit.alt else ""))
    return found


def subtract(mixed: AlleleEdit, core: AlleleEdit) -> list[AlleleEdit] | None:
    """Return the substitutions that are left of ``mixed`` when ``core`` is taken out of it, or ``None`` if other things are left, too."""
    start = core.pos - mixed.pos
    if core.is_substitution or start < 0 or core.end > mixed.end or not mixed.ref.startswith(core.ref, start):
        return None
    changed = mixed.ref[:start] + core.alt + mixed.ref[start + len(core.ref) :]
    if len(changed) != len(mixed.alt):
        return None
    shift = len(core.ref) - len(core.alt)
    return [
        AlleleEdit(mixed.pos + index + (shift if index >= start + len(core.alt) else 0), old, new)
        for index, (old, new) in enumerate(zip(changed, mixed.alt, strict=True))
        if old != new
    ]
