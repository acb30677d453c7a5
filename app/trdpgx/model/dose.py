"""What a source states about the dose of a drug."""

from itertools import pairwise
from typing import Self

from pydantic import Field, model_validator

from trdpgx.model.base import Model


class AmountByAge(Model):
    """A dose for an age in years: from `from_age` on, and under `to_age`."""

    from_age: float = Field(default=0, ge=0)
    to_age: float | None = Field(default=None, gt=0)
    """`null` where there is no upper end."""
    amount: str

    def covers(self, age: float) -> bool:
        """Return whether the dose is for this age."""
        return self.from_age <= age and (self.to_age is None or age < self.to_age)


class Dose(Model):
    """The statement of the source about dose: a share of the usual dose or a cap in mg per day. Never computed for a person."""

    start: str | None = None
    """The starting dose, such as `50% of the usual dose`; never a change such as `-50%`."""
    maintenance: str | None = None
    """The maintenance dose, which is also the steady dose that is aimed for."""
    maximum: str | None = None
    """Highest dose that the source names, with its unit."""
    maximum_by_age: tuple[AmountByAge, ...] = ()
    """The highest dose where the source names another by age; the ages have no gap and no overlap."""
    monitoring: str | None = None
    """The statement of the source about therapeutic drug monitoring."""

    @model_validator(mode="after")
    def _ages_follow_each_other(self) -> Self:
        if not self.maximum_by_age:
            return self
        if self.maximum is not None:
            raise ValueError("'maximum' and 'maximum_by_age' state the same: write one of them")
        ages = sorted(self.maximum_by_age, key=lambda one: one.from_age)
        follow = all(one.from_age < other.from_age == one.to_age for one, other in pairwise(ages))
        if ages[0].from_age > 0 or ages[-1].to_age is not None or not follow:
            raise ValueError("'maximum_by_age' has a gap or an overlap: each 'from_age' is the 'to_age' of the age before, 0 to no end")
        return self
