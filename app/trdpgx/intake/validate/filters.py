"""The names in FILTER and FT, each checked once, and those that refuse nothing."""

import re

from trdpgx.intake.problems import BAD_FILTER, TOO_MANY_FILTERS
from trdpgx.intake.validate.refusal import FieldError

_MISSING = frozenset({b".", b""})
_NAME = re.compile(rb"[!-:<-~\x80-\xff]{1,200}")
DESCRIBING = frozenset({"pass", "monoallelic", "multiallelic", "genotyped", "genotyped_only", "imputed", "refcall"})
"""Names in FILTER and FT, in small letters, that describe a record and refuse nothing.

GLnexus calls a record whose ALT stands for several MONOALLELIC, GATK-SV one of many copy numbers MULTIALLELIC, minimac3 writes
how it came by a genotype, and DeepVariant and Clair3 call a genotype without any ALT RefCall: beside an ALT that one refuses it.
"""
REFCALL = "refcall"


class FilterNames:
    """Reads the FILTER columns and FT fields of one input; there are at most ``most`` different names."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._names: dict[bytes, str] = {}
        self._read: dict[bytes, tuple[str, ...]] = {}

    def of_record(self, text: bytes) -> tuple[str, ...]:
        """Return the names in FILTER: ``PASS`` alone where all passed, nothing where it is missing. Raises ``FieldError``."""
        names = self._read.get(text)
        if names is None:
            names = self._read[text] = self._names_in(text)
        return names

    def of_sample(self, text: bytes) -> str:
        """Return FT: names with semicolons between them, ``PASS``, or ``.`` where it is missing. Raises ``FieldError``."""
        return ";".join(self.of_record(text)) or "."

    def _names_in(self, text: bytes) -> tuple[str, ...]:
        text = text.removesuffix(b";")  # some writers end the list with its separator
        if text in _MISSING:
            return ()
        names = [name for name in dict.fromkeys(text.split(b";")) if name != b"PASS"]
        return tuple(map(self._name, names)) or ("PASS",)

    def _name(self, name: bytes) -> str:
        if name not in self._names:
            if _NAME.fullmatch(name) is None:
                raise FieldError(BAD_FILTER, "A name is empty, too long, or has white space.")
            if len(self._names) == self._most:
                raise FieldError(TOO_MANY_FILTERS, f"The cap is {self._most} names in FILTER and FT.")
            self._names[name] = name.decode("utf-8", "replace")
        return self._names[name]
