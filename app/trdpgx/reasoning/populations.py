"""In whom it was shown: the studies of a rule beside the ancestry that a request names. Nothing here is ever inferred from a genome."""

from collections.abc import Sequence

from trdpgx.model.evidence import Ancestry, Design, EvidenceItem
from trdpgx.texts import at_beginning, phrase

_NOT_STUDIES = frozenset({Design.GUIDELINE, Design.REGULATORY, Design.REVIEW, Design.PRECLINICAL})


def population_note(items: Sequence[EvidenceItem], ancestry: Ancestry) -> str | None:
    """Return which studies were in people of this ancestry, which in others, and which do not tell; ``None`` where no study is listed."""
    studies = [item for item in items if item.design not in _NOT_STUDIES]
    if not studies:
        return None
    same = [_with_others(item, ancestry) for item in studies if ancestry in item.ancestry]
    others = [f"{_name(item)} ({_groups(item.ancestry)})" for item in studies if item.ancestry and ancestry not in item.ancestry]
    untold = [_name(item) for item in studies if not item.ancestry]
    parts = [
        phrase("populations.studied_people_ancestry", words=ancestry.words, listed=_listed(same))
        if same
        else phrase("populations.no_study_people_ancestry", words=ancestry.words),
        phrase("populations.others", listed=_listed(others)) if others else "",
        phrase("populations.mixed_or_not_stated", listed=_listed(untold)) if untold else "",
    ]
    text = "; ".join(part for part in parts if part)
    return f"{at_beginning(text)}."


def _name(item: EvidenceItem) -> str:
    return item.citation.label or item.citation.id


def _with_others(item: EvidenceItem, ancestry: Ancestry) -> str:
    others = [group for group in item.ancestry if group is not ancestry]
    return phrase("populations.and_others", name=_name(item), groups=_groups(others)) if others else _name(item)


def _groups(ancestry: Sequence[Ancestry]) -> str:
    return ", ".join(group.words for group in ancestry)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(names))
