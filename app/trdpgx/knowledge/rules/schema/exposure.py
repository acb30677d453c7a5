"""``clinical/exposure.yaml``: how exposure to a drug differed by phenotype, co-medication, smoking and organ function, as observed."""

from collections.abc import Iterable
from math import inf
from typing import Literal, Self

from pydantic import Field, model_validator

from trdpgx.knowledge.rules.schema.clinical import ClinicalFile, ClinicalRow, DrugRow
from trdpgx.knowledge.rules.schema.fields import CuratedModel, Key, Phenotypes, Symbol, Symbols, Text, Texts
from trdpgx.model.clinical_context import LiverImpairment

ExposureWord = Literal["much lower", "lower", "similar", "higher", "much higher", "not known"]
_WORDS: tuple[tuple[float, ExposureWord], ...] = (
    (0.5, "much lower"),
    (0.8, "lower"),
    (1.2499, "similar"),
    (1.9999, "higher"),
    (inf, "much higher"),
)
"""Each word with the highest ratio that it stands for."""


class ByPhenotype(CuratedModel):
    """People with one of these phenotypes (CPIC) of a gene by genotype."""

    gene: Symbol
    phenotypes: Phenotypes
    functions: Texts = ()
    """The functions of both haplotypes, where the study distinguishes diplotypes."""


class ByComedication(CuratedModel):
    """People who took another drug as well."""

    drug: Text
    enzyme: Symbol | None = None
    """The enzyme through which it acts here, if any: in people who lack that enzyme there is nothing to inhibit or induce."""
    dose_mg_at_least: float | None = Field(default=None, ge=0)
    """Least daily dose of the other drug for which the figure holds."""


class ByOrgan(CuratedModel):
    """People with an impairment."""

    liver: LiverImpairment | None = None
    egfr_below: float | None = Field(default=None, ge=0)


class ExposureRow(ClinicalRow):
    """One observation, or what a source states in words."""

    drug: Text
    phenotype: ByPhenotype | None = None
    comedication: ByComedication | None = None
    smoking: Literal["current", "stopped"] | None = None
    organ: ByOrgan | None = None
    analyte: Text
    """What was measured: the drug, a metabolite, or their sum."""
    metabolite: Text | None = None
    """The metabolite that was measured, where it is a drug itself."""
    ratio: float | None = Field(default=None, gt=0)
    """Exposure of these people over that of the others."""
    interval: tuple[float, float] | None = None
    """Its 95 % confidence interval, or the range of several figures."""
    n: int | None = Field(default=None, ge=1)
    """Number of people."""
    people: Text | None = None
    """Who they were, where the number is not enough."""
    word: ExposureWord | None = None
    """The exposure in a word, where no ratio was read."""
    text: Text | None = None
    """What a reader has to know besides the figure, in whole sentences."""

    @model_validator(mode="after")
    def _one_cause(self) -> Self:
        self.check_one_of("phenotype", "comedication", "smoking", "organ")
        self.check_one_of("ratio", "word")
        if self.metabolite is not None and not self.analyte.startswith(f"{self.metabolite} "):
            raise ValueError(f"'analyte' begins with the metabolite {self.metabolite}")
        return self

    @property
    def described(self) -> ExposureWord:
        """The exposure in a word; of a ratio by the bounds of FDA's classes of inhibitors, 1.25 and 2, and their inverses."""
        if self.ratio is None:
            return self.word or "not known"
        return next(word for most, word in _WORDS if self.ratio <= most)

    def drugs(self) -> Iterable[str]:
        """Return the drug and the co-medication."""
        return (self.drug, self.comedication.drug) if self.comedication else (self.drug,)

    def genes(self) -> Iterable[str]:
        """Return the gene whose phenotype it is about."""
        return (self.phenotype.gene,) if self.phenotype else ()


class ActiveSumRow(DrugRow):
    """A drug with an active metabolite, so that the level of the drug alone does not give the exposure."""

    analytes: Texts = Field(min_length=1)
    enzymes: Symbols = Field(min_length=1)
    """Enzymes that make or clear the metabolite."""
    word: ExposureWord
    """Exposure to the sum where one of the enzymes has less or more activity."""
    text: Text


class SensitiveRow(DrugRow):
    """A drug that a list calls a sensitive substrate of an enzyme."""

    enzyme: Symbol
    sensitivity: Literal["sensitive", "moderately sensitive"]


class ExposureFile(ClinicalFile):
    """``clinical/exposure.yaml``."""

    rows: dict[Key, ExposureRow] = Field(default_factory=dict)
    active_sums: dict[Key, ActiveSumRow] = Field(default_factory=dict)
    substrates: dict[Key, SensitiveRow] = Field(default_factory=dict)
    stopped_smoking_days: int = Field(default=56, ge=1, le=365)
    """Number of days after the last cigarette during which reports name a rise of levels."""
