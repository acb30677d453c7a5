"""What the alleles of one input may cost, so that a few long records with many ALTs do not take minutes."""

from trdpgx.intake.problems import TOO_MANY_RECORDS_AT_POSITION, TOO_MANY_SITE_ALLELES
from trdpgx.model.edit import Edit
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError

ATTEMPT = 10
"""What an attempt to take an allele apart costs, in units of ``Budget``."""


class Budget:
    """What the alleles of one input may cost: REF and each ALT at a site are one unit each, an attempt to take one apart is ``ATTEMPT``."""

    def __init__(self, limits: Limits) -> None:
        self.spent = 0
        self._cap = limits.max_site_alleles
        self._records = limits.max_records_at_position
        self._reached: dict[str, int] = {}
        self._complex = limits.max_complex_bases

    def spend(self, units: int) -> None:
        """Take note of some work. Raises ``InputError`` over the cap."""
        self.spent += units
        if self.spent > self._cap:
            raise InputError(TOO_MANY_SITE_ALLELES, f"The cap is {self._cap} alleles, each counted at every site.")

    def reach(self, site: str, alts: int) -> None:
        """Take note of a record that reaches a site. Raises ``InputError`` over a cap."""
        self.spend(1 + alts)
        self._reached[site] = self._reached.get(site, 0) + 1
        if self._reached[site] > self._records:
            raise InputError(TOO_MANY_RECORDS_AT_POSITION, f"The cap is {self._records} records.")

    def is_long(self, edit: Edit) -> bool:
        """Whether an edit that replaces bases by others is too long to be taken apart."""
        return bool(edit.ref and edit.alt) and len(edit.ref) + len(edit.alt) > self._complex
