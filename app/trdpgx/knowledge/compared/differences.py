"""A difference between ours and a source's own file, and the kinds of them."""

from collections.abc import Mapping

from msgspec import Struct

from trdpgx.model.errors import TrdpgxError

KINDS: Mapping[str, str] = {
    "pair_new": "a source gives advice on a drug of ours, and no rule of ours has the source",
    "pair_gone": "our rules have advice of a source that its file does not have",
    "genes": "the source reads the drug by other genes than our rules do",
    "identifier": "the source's own identifier of the guideline is another one",
    "citation": "the source cites a newer publication than our rules do",
    "population": "the source has advice for a population that our rules do not name",
    "result_unknown": "the source has advice for a result that our rules cannot be asked about",
    "recommendation_new": "the source has advice for a result for which our rules have none",
    "recommendation_gone": "our rules have advice for a result for which the source has none",
    "grade": "the source's own grade is another one",
    "alternative": "the source names another drug and our rules do not, or the other way round",
    "dose": "the source names a dose and our rules do not, or the other way round",
    "allele_new": "the source has an allele that our table lacks",
    "allele_gone": "our table has a function for an allele that the source lacks",
    "function": "the function of an allele is another one",
    "activity": "the activity value of an allele is another one",
    "phenotype": "a diplotype has another phenotype",
    "score": "a diplotype has another activity score",
    "change": "the source's change log names a drug or gene of ours, after the day on which we last looked",
    "row_new": "the FDA's table has a drug of ours with a gene, and our rules do not",
    "row_gone": "our rules have a row of the FDA's table that it does not have",
    "section": "the row stands in another section of the FDA's table",
    "subgroup": "the row is about other phenotypes or alleles",
    "contraindication": "the row rules the drug out and our rule does not, or the other way round",
    "qt": "the row speaks of the QT interval and our rule does not, or the other way round",
    "level_new": "ClinPGx has a level of 1 or 2 for a pair on which we have neither rule nor entry",
    "level_gone": "ClinPGx has no level for a pair on which we have evidence",
    "level": "ClinPGx's level and our evidence are far apart",
}
"""Every kind of difference that is looked for, and what it means."""


class ComparedFileError(TrdpgxError, ValueError):
    """A file cannot be compared. The message names what was expected, and the remedy."""


class Difference(Struct, frozen=True, order=True):
    """One difference. ``subject`` names drug, gene, allele or result; ``ours`` and ``theirs`` are what each side has."""

    kind: str
    subject: str
    ours: str
    theirs: str
