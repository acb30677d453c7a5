"""Calls that have changed, and why: by the digests of knowledge and program, and by what the reports state of each step of a call."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

from trdpgx.model.report_diff import CallChange, CallReason
from trdpgx.reannotation.diff.context import Compared
from trdpgx.reannotation.diff.views import GeneView, RareVariantView, VariantView
from trdpgx.texts import phrase, section

_Kind: TypeAlias = Literal["gene", "variant", "rare_variant"]
_AnyVariant: TypeAlias = VariantView | RareVariantView
_WORDS = section("call_reasons")


def call_changes(compared: Compared) -> Iterator[CallChange]:
    """Yield the genes, variants and rare variants whose call has changed, in the order of the newer report."""
    old_genes, new_genes = compared.genes
    for name in dict.fromkeys((*new_genes, *old_genes)):
        one, other = old_genes.get(name), new_genes.get(name)
        if one is not None and other is not None and compared.not_kept and one.words == other.words:
            continue  # taken over from the older report
        if one is None or other is None or _shown(one) != _shown(other):
            yield _gene(compared, name, one, other)
    yield from _variants(compared, "variant", *compared.variants, step="reference")
    yield from _variants(compared, "rare_variant", *compared.rare, step="criteria")


def _variants(
    compared: Compared, kind: _Kind, old: Mapping[str, _AnyVariant], new: Mapping[str, _AnyVariant], *, step: CallReason
) -> Iterator[CallChange]:
    """Yield the variants that are not the same in both reports, in the order of the newer one; ``step`` is where knowledge acts on them."""
    for name in dict.fromkeys((*new, *old)):
        before, now = old.get(name), new.get(name)
        if before != now:
            yield _change(kind, name, (before, now), _causes(compared, name, [step]), ())


def _shown(gene: GeneView) -> object:
    """Return all of a call in which two reports can differ; not the order of several diplotypes, which follows from frequencies."""
    return {**dict(gene), "diplotypes": {one.name: one for one in gene.diplotypes}}


def _gene(compared: Compared, name: str, old: GeneView | None, new: GeneView | None) -> CallChange:
    steps: list[CallReason] = []
    details: list[str] = []
    if old is not None and new is not None:
        for reason, detail in _steps(old, new):
            steps.append(reason)
            details += [detail] if detail else []
    causes = _causes(compared, name, steps or ["reference"])
    return _change("gene", name, (old, new), causes, details)


def _steps(old: GeneView, new: GeneView) -> Iterator[tuple[CallReason, str]]:
    """Yield the steps of a call, from genotypes to phenotypes, at which two calls differ."""
    before, now = {one.name: one for one in old.diplotypes}, {one.name: one for one in new.diplotypes}
    copies = (old.copy_number, new.copy_number)
    if copies[0] != copies[1]:
        yield "copy_number", ""
    if before.keys() != now.keys() or (old.status != new.status and copies[0] == copies[1]):
        yield "definition", ""
    functions = [_functions(old), _functions(new)]
    other = [allele for allele in functions[0] if allele in functions[1] and functions[0][allele] != functions[1][allele]]
    shared = [(before[name], now[name]) for name in before if name in now]
    scores = [(one.name, one.activity_score, two.activity_score) for one, two in shared if one.activity_score != two.activity_score]
    if other or scores:
        texts = [
            phrase("diff_calls.function_change", allele=allele, old=functions[0][allele], new=functions[1][allele]) for allele in other
        ]
        texts += [phrase("diff_calls.score_change", diplotype=name, old=_score(was), new=_score(is_now)) for name, was, is_now in scores]
        yield "function", "; ".join(texts)
    tables = [one.name for one, two in shared if one.phenotypes != two.phenotypes and _steps_before(one) == _steps_before(two)]
    if tables:
        yield "phenotype_table", ", ".join(tables)
    same = before == now and copies[0] == copies[1]
    if same and _shown(old) != _shown(new):
        yield "unseen_alleles", ""


def _steps_before(one: object) -> object:
    return getattr(one, "functions", None), getattr(one, "activity_score", None)


def _functions(gene: GeneView) -> dict[str, str]:
    return {allele: function for one in gene.diplotypes for allele, function in zip(one.alleles, one.functions, strict=False)}


def _score(value: float | None) -> str:
    return "none" if value is None else f"{value:g}"


def _causes(compared: Compared, name: str, steps: Sequence[CallReason]) -> list[tuple[CallReason, ...]]:
    """Return all that can have changed a call; ``steps`` are the reasons if a release of the knowledge changed it.

    Where genotypes were not kept, that alone is the reason.
    """
    if compared.not_kept:
        return [("not_kept",)]
    causes: list[tuple[CallReason, ...]] = []
    if compared.other_genotypes(name) or not compared.same_input:
        causes.append(("genotype",))
    if compared.reference_changed or (compared.rules_changed and "criteria" in steps):
        causes.append(tuple(steps))
    elif compared.rules_changed:
        causes.append(("rules",))
    if compared.options_changed:
        causes.append(("options",))
    if compared.software_changed:
        causes.append(("software",))
    return causes


def _change(
    kind: _Kind,
    name: str,
    views: tuple[GeneView | _AnyVariant | None, GeneView | _AnyVariant | None],
    causes: Sequence[tuple[CallReason, ...]],
    details: Sequence[str],
) -> CallChange:
    reasons = tuple(dict.fromkeys(reason for cause in causes for reason in cause))
    why = why_of([_WORDS[reason] for reason in reasons], phrase("diff_calls.not_known_why"), details, several=len(causes) > 1)
    old, new = (view.words if view else None for view in views)
    return CallChange(kind=kind, name=name, old=old, new=new, reasons=reasons, certain=len(causes) == 1, why=why)


def why_of(reasons: Sequence[str], unknown: str, details: Sequence[str] = (), *, several: bool) -> str:
    """Return reasons, or ``unknown`` without one, and their details in words, and that it is one of them where there are several."""
    listed = "; ".join(reasons)
    why = f"{listed[:1].upper()}{listed[1:]}." if listed else unknown
    if details:
        why = f"{why} {'; '.join(details)}."
    return phrase("diff_calls.one_of_these", why=why) if several else why
