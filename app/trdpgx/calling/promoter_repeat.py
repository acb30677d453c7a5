"""5-HTTLPR, the repeat in the promoter of SLC6A4: read from structural records, or from a call of another tool.

Short (S, 14 repeats) and long (L, 16 repeats) forms, and La and Lg where rs25531 is known on the long form. Other numbers of repeats
(15, 18 to 22) exist and have no agreed meaning: they leave it open. Short reads miss the repeat, and a 0/0 there proves nothing, so that
rs25531 of the file is used only where a row with a quality shows it (Botton 2020, PMID 33198140).
"""

import re
from collections.abc import Sequence

from trdpgx.model.genome import SiteState, StructuralRecord
from trdpgx.model.outside import OutsideCall
from trdpgx.model.variant_report import VariantReport
from trdpgx.texts import both, phrase

REPEAT = "5-HTTLPR"
GENE = "SLC6A4"
_INSIDE = "rs25531"
_SOUND = 20.0
"""Phred-scaled quality from which rs25531 of the file is used."""
_FORMS = {
    "S": re.compile(r"S(?:[AG]|\([AG]\)|_[AG])?|SHORT|14(?:-?[A-D])?|DEL", re.IGNORECASE),
    "La": re.compile(r"L(?:A|\(A\)|_A)|16-?A", re.IGNORECASE),
    "Lg": re.compile(r"L(?:G|\(G\)|_G)|16-?D", re.IGNORECASE),
    "L": re.compile(r"L|LONG|16|INS", re.IGNORECASE),
}
_SPLIT = re.compile(r"\s*[/|]\s*")
_PREFIX = re.compile(r"^(?:5-?HTTLPR|SLC6A4)[\s:_-]*", re.IGNORECASE)
_IN_FILE = phrase("promoter_repeat.from_records")
_LG = phrase("promoter_repeat.lg")
_ONE_OF_TWO = phrase("promoter_repeat.rs25531_open")


def repeat_forms(text: str) -> tuple[str, str] | None:
    """Return the two forms (``S``, ``L``, ``La``, ``Lg``) of a result such as ``L/S``, ``LA/LG`` or ``16/14``; short forms come last.

    ``None`` for any other result.
    """
    result = _PREFIX.sub("", text.strip())
    parts = _SPLIT.split(result)
    if len(parts) == 1 and re.fullmatch(r"[LS]{2}", result, re.IGNORECASE):
        parts = list(result)
    forms = [next((form for form, pattern in _FORMS.items() if pattern.fullmatch(part)), None) for part in parts]
    if len(forms) != 2 or forms[0] is None or forms[1] is None:
        return None
    first, second = sorted((forms[0], forms[1]))
    return first, second


def forms_of_records(records: Sequence[StructuralRecord]) -> tuple[str, str] | None:
    """Return the two forms that records over the repeat show, or ``None``.

    A deletion of 40 to 48 bases leaves the short form, so the other alleles of its row are long; of a repeat caller's alleles
    (``<STR14>``) 14 is short and 16 long, and the reference then is the other of the two. A row is used where the sample carries one of its
    alleles: 0/0 proves nothing. A row that its filter or quality refuses is not used, and rows that differ leave it open.
    """
    shown = {_form(record): record for record in records if record.gene == GENE and not record.filter and record.unsound is None}
    carried = {form: record for form, record in shown.items() if record.alt_count}
    if not carried or None in carried:
        return None
    genotypes = {record.genotype for record in carried.values()}
    counts = {form: record.alt_count or 0 for form, record in carried.items()}
    left = 2 - sum(counts.values())
    if len(genotypes) != 1 or len(re.split(r"[/|]", next(iter(genotypes)) or "")) != 2 or left < 0 or (left and len(counts) > 1):
        return None
    other = "L" if "S" in counts else "S"
    first, second = sorted([*(form or "" for form, count in counts.items() for _ in range(count)), *([other] * left)])
    return first, second


def _form(record: StructuralRecord) -> str | None:
    if record.kind.startswith("DEL") and 40 <= record.end - record.start + 1 <= 48:
        return "S"
    return {"STR14": "S", "STR16": "L"}.get(record.kind)


def with_promoter_repeat(
    variants: tuple[VariantReport, ...], calls: Sequence[OutsideCall], records: Sequence[StructuralRecord] = ()
) -> tuple[VariantReport, ...]:
    """Return the variants with 5-HTTLPR as other tools call it, or as records show it; unchanged where neither shows it."""
    about = [call for call in calls if call.gene == GENE and not call.no_call]
    pair = None if about else forms_of_records(records)
    if (not about and pair is None) or not any(variant.id == REPEAT for variant in variants):
        return variants
    inside = next((variant for variant in variants if variant.id == _INSIDE), None)
    origin = _IN_FILE
    if about:
        tools = both(dict.fromkeys(call.tool for call in about))
        stated = {repeat_forms(call.diplotype or call.phenotype or "") for call in about}
        pair = stated.pop() if len(stated) == 1 else None
        origin = phrase("promoter_repeat.from_calls" if pair else "promoter_repeat.open", tools=tools)
    return tuple(_called(variant, pair, origin, inside) if variant.id == REPEAT else variant for variant in variants)


def _called(variant: VariantReport, pair: tuple[str, str] | None, origin: str, inside: VariantReport | None) -> VariantReport:
    if pair is None:
        return variant.copy_with(note=origin)
    forms, doubt = _with_rs25531(pair, inside)
    notes = [origin, *([_LG] if "Lg" in forms else []), *([doubt] if doubt else [])]
    return variant.copy_with(
        genotype="/".join(forms), effect_allele="S", effect_allele_count=forms.count("S"), state=SiteState.CALLED, note=" ".join(notes)
    )


def _with_rs25531(pair: tuple[str, str], inside: VariantReport | None) -> tuple[tuple[str, str], str | None]:
    """Return the forms with rs25531 of the file on the long ones (its C is G of the gene strand), and what stays in doubt."""
    shown = inside is not None and inside.state == SiteState.CALLED and (inside.quality or 0) >= _SOUND
    if inside is None or not shown or inside.effect_allele_count is None or "L" not in pair:
        return pair, None
    count = inside.effect_allele_count
    if count in {0, 2}:
        form = "Lg" if count else "La"
        first, second = (form if one == "L" else one for one in pair)
        return (first, second), None
    return (("La", "Lg"), None) if pair == ("L", "L") else (pair, _ONE_OF_TWO)
