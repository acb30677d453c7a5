"""What many considerations hold for and presume of the copies of genes: a mark with the genes at each, and each sentence once for all."""

from collections import Counter
from collections.abc import Iterable

from trdpgx.model.composed import PartKind, joined
from trdpgx.model.consideration import Basis, Consideration
from trdpgx.model.drug_report import Certainty, DrugReport
from trdpgx.model.summary import SummaryDrug
from trdpgx.reasoning.considerations import EVERYTHING
from trdpgx.texts import both, phrase


class PresumedCopies:
    """The presumptions of the considerations of a report, each with its mark: ``*``, and one more for the next."""

    def __init__(self, considerations: Iterable[Consideration]) -> None:
        """Gather the genes by what is presumed of them."""
        self._genes: dict[str, dict[str, None]] = {}
        self._everything = False
        for one in considerations:
            for part in one.basis.parts:
                self._everything |= part.about == EVERYTHING
                if part.kind is PartKind.PRESUMED:
                    self._genes.setdefault(part.about, {}).update(dict.fromkeys(part.statements))
        self._marks = {about: "*" * number for number, about in enumerate(self._genes, 1)}

    @property
    def notes(self) -> tuple[str, ...]:
        """What is left out where nothing limits a consideration, then each presumption after its mark."""
        return (*((phrase("headings.holds_unless_limited"),) if self._everything else ()), *self.key)

    @property
    def key(self) -> tuple[str, ...]:
        """Each presumption with its genes, after its mark."""
        return tuple(f"{self._marks[about]} {phrase(about, genes=both(genes))}" for about, genes in self._genes.items())

    def of_drug(self, drug: SummaryDrug, considerations: Iterable[Consideration]) -> str:
        """Return the marks of what the text of a drug presumes, with the genes; empty where it presumes nothing.

        ``considerations`` are those on the drug. Its text is about those that it names; a phenotype under current drugs presumes no copies.
        """
        genes: dict[str, dict[str, None]] = {}
        for one in considerations:
            if one.id not in drug.considerations or one.conversion is not None:
                continue
            for part in one.basis.parts:
                if part.kind is PartKind.PRESUMED:
                    genes.setdefault(part.about, {}).update(dict.fromkeys(part.statements))
        return " ".join(f"[{self._marks[about]} {', '.join(names)}]" for about, names in genes.items())

    def marked(self, basis: Basis) -> str:
        """Return what limits a consideration, with marks and genes instead of what it presumes; the whole text without parts."""
        parts = basis.parts
        if not parts:
            return basis.text
        kept = joined(part for part in parts if part.kind is not PartKind.PRESUMED and part.about != EVERYTHING)
        marks = (f" [{self._marks[part.about]} {', '.join(part.statements)}]" for part in parts if part.kind is PartKind.PRESUMED)
        return f"{kept}{''.join(marks)}".strip()


def common_conversion(drugs: Iterable[DrugReport]) -> str:
    """Return the conversion that most headlines speak of; empty where none does."""
    texts = Counter(limit.text for drug in drugs for limit in drug.headline_limits if limit.certainty is Certainty.CONVERTED)
    return texts.most_common(1)[0][0] if texts else ""


def without_presumed(drug: SummaryDrug, conversion: str = "") -> str:
    """Return the text of a drug without what it presumes of copies, and "~" instead of a conversion that many share."""
    if not drug.parts:
        return drug.text
    kept = [part for part in drug.parts if part.kind is not PartKind.PRESUMED]
    if not conversion:
        return joined(kept)
    shared = [part.kind is PartKind.CONVERTED and part.about == conversion for part in kept]
    texts = [f"~ {'; '.join(part.statements)}." if marked else part.text for part, marked in zip(kept, shared, strict=True)]
    return " ".join(filter(None, texts))
