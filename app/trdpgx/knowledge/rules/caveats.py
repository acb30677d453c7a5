"""``caveats.yaml`` of every layer read into the caveats of the rules: each name in a condition known, each value one that is given."""

from collections.abc import Iterator, Sequence

from trdpgx.knowledge.finding import Finding
from trdpgx.knowledge.reference.phenotype import UnknownAlleleError, haplotype
from trdpgx.knowledge.rules.schema.top_files import CaveatFile
from trdpgx.knowledge.yaml_document import Document
from trdpgx.model.caveat import Caveat, CaveatCondition
from trdpgx.model.genome import Assembly
from trdpgx.model.library import ReferenceLibrary

_SCORES = frozenset({"scores_without"})
"""The value that the text of a caveat about copies that were not counted may have: the activity scores without the allele."""


def read_caveats(
    layers: Sequence[tuple[Document | None, CaveatFile]], reference: ReferenceLibrary, findings: list[Finding]
) -> dict[str, Caveat]:
    """Return every caveat under its key, from the bundled folder and the layers over it, the uppermost last.

    A layer gives a caveat other words or another condition, or adds one that has a condition.
    """
    caveats: dict[str, Caveat] = {}
    for index, (document, file) in enumerate(layers):
        if document is None:
            continue
        for key, entry in file.caveats.items():
            when = CaveatCondition(**entry.when.model_dump()) if entry.when else None
            made = Caveat(code=entry.code or key, text=entry.text, values=frozenset(entry.values or ()), when=when)
            faults = [*_unknown(when, reference)] if when else [*_unraised(made, caveats.get(key), bundled=index == 0)]
            if when and not made.values <= (_SCORES if when.copies == "not_counted" else frozenset()):
                faults.append("the program gives no such values to a caveat with this condition")
            findings.extend(Finding(document.file, document.line(("caveats", key)), f"{key}: {fault}") for fault in faults)
            caveats[key] = made
    return caveats


def _unraised(caveat: Caveat, below: Caveat | None, *, bundled: bool) -> Iterator[str]:
    """Yield why the program would never raise a caveat without a condition, or could not fill it in."""
    if bundled:
        return
    if below is None or below.when is not None:
        yield "the program raises no such caveat; add 'when'"
    elif not caveat.values <= below.values:
        yield f"the program gives only the values: {', '.join(sorted(below.values)) or 'none'}"


def _unknown(when: CaveatCondition, reference: ReferenceLibrary) -> Iterator[str]:
    """Yield each name in a condition that the reference does not have."""
    definition = reference.genes.get(when.gene)
    if definition is None:
        yield f"unknown gene with named alleles '{when.gene}'"
        return
    for name in (*when.carries, *when.multiplied):
        try:
            haplotype(definition, name)
        except UnknownAlleleError:
            yield f"unknown {when.gene} allele '{name}'"
    if when.unseen is not None and when.unseen not in {reference.sites[Assembly.GRCH38][site].rsid for site in definition.sites}:
        yield f"no site that defines an allele of {when.gene} is '{when.unseen}'"
