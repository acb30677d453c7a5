"""Names of alleles and diplotypes: their order, and how a haplotype of several gene copies is spelled."""

import re
from collections.abc import Collection

_DIGITS = re.compile(r"(\d+)")
_SUBALLELE = re.compile(r"(\*\d+)(?:\.(?:\d+|ALDY(?:_\d+)?))+", re.IGNORECASE)
_MEMBER = re.compile(r"(\*[0-9A-Za-z:]+?)(?:x(≥?\d{1,2}|N))?")
_ALLELE = re.compile(r"\*(?:\d+[A-Za-z]{0,2}|S\d+)(?::\d+)?")
"""A star and a number, or what UGT1A4 and UGT2B15 have (``*S1``); Aldy adds ``:2`` to some hybrids."""
_VARIANT = re.compile(r"rs\d+")


def natural_key(name: str) -> tuple[tuple[str, int], ...]:
    """Return a sort key by which ``*2`` comes before ``*10`` and ``*80`` before ``*80+*28``."""
    parts = _DIGITS.split(name)
    texts, numbers = parts[0::2], [*parts[1::2], "-1"]
    return tuple((text, int(number)) for text, number in zip(texts, numbers, strict=True))


def core_allele(name: str) -> str:
    """Fold sub-alleles to their core allele, in a name of any length: ``*4.013`` and ``*4.ALDY`` are ``*4``."""
    return _SUBALLELE.sub(r"\1", name)


def normal_haplotype(name: str, hybrids: Collection[str] = ()) -> str:
    """Return one haplotype in one spelling: ``*36x2+*10``.

    Spaces and parentheses go, sub-alleles fold, ``>=3`` and ``x≥3`` are one, a repeated member becomes copies, and in a tandem the
    hybrid stands first. A name that is not made of star alleles comes back without its outer spaces only.
    """
    compact = re.sub(r"[\s()\[\]]", "", core_allele(name)).replace(">=", "≥").replace("X", "x")
    compact = re.sub(r"(?<=\d)≥", "x≥", compact)
    members: dict[str, str | int] = {}
    for part in compact.split("+"):
        match = _MEMBER.fullmatch(part)
        if match is None:
            return name.strip()
        core, copies = match[1], match[2] or "1"
        earlier = members.get(core)
        if earlier is None:
            members[core] = int(copies) if copies.isdigit() else copies
        elif isinstance(earlier, int) and copies.isdigit():
            members[core] = earlier + int(copies)
        else:
            return name.strip()
    ordered = sorted(members, key=lambda core: (core not in hybrids, natural_key(core)))
    return "+".join(core if members[core] == 1 else f"{core}x{members[core]}" for core in ordered)


def member_alleles(haplotype: str) -> tuple[str, ...]:
    """Return the alleles that a haplotype of several copies is made of: ``*36x2+*10`` has ``*36`` and ``*10``."""
    return tuple(match[1] for part in haplotype.split("+") if (match := _MEMBER.fullmatch(part)))


def is_haplotype(name: str) -> bool:
    """Return whether a name in its one spelling is made of star alleles, whatever their number; Aldy adds variants (``*41+rs1``)."""
    first, *others = name.split("+")
    return _is_member(first) and all(_is_member(other) or _VARIANT.fullmatch(other) for other in others)


def _is_member(part: str) -> bool:
    match = _MEMBER.fullmatch(part)
    return match is not None and _ALLELE.fullmatch(match[1]) is not None


def haplotypes(diplotype: str, hybrids: Collection[str] = ()) -> tuple[str, str] | None:
    """Return the two haplotypes of a diplotype, each in its one spelling and in numeric order; ``None`` if there are not two.

    Only star alleles are haplotypes: ``Reference``, ``B (wildtype)``, rs names and genotypes are not.
    """
    parts = [normal_haplotype(part, hybrids) for part in re.split(r"[/|]", diplotype.strip().strip("[]()"))]
    if len(parts) != 2 or not all(map(is_haplotype, parts)):
        return None
    first, second = sorted(parts, key=natural_key)
    return first, second
