"""The calls of panel sites in columns: arrays over the sites and samples of a file."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from math import isnan
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from trdpgx.model.genome import NoCallReason, PanelSite, SampleSites, SiteCall, SiteState

NO_NUMBER = -(2**31)
"""What stands for a missing phase set, depth or number of reads."""
NO_ALLELE = -1
_STATES = tuple(SiteState)
_REASONS = (None, *NoCallReason)
_STATE_CODES = {state: code for code, state in enumerate(_STATES)}
_REASON_CODES = {reason: code for code, reason in enumerate(_REASONS)}
CALLED = _STATE_CODES[SiteState.CALLED]
"""The code of a site that is called."""
_ABSENT = _STATE_CODES[SiteState.ABSENT]


class Codes:
    """Values that are stored as their indices in ``values``: ``first`` in their order, then others as they come."""

    def __init__(self, *first: object) -> None:
        self.values: list[Any] = list(first)
        self._codes = {value: code for code, value in enumerate(first)}

    def code(self, value: object) -> int:
        """Return the code of a value, a new one where it has none yet."""
        code = self._codes.setdefault(value, len(self.values))
        if code == len(self.values):
            self.values.append(value)
        return code


class Spellings(Codes):
    """The alleles of one site by code: REF is 0, the panel's ALTs follow in their order (``known`` in all), then others as they come."""

    def __init__(self, site: PanelSite) -> None:
        super().__init__(site.ref, *site.alts)
        self.known = len(self.values)


Remark = tuple[tuple[str, ...], tuple[str, ...]]
"""The alleles that are carried and that are refused, as in ``SiteCall``."""
NO_REMARK: Remark = ((), ())


class SiteColumns:
    """The calls of a block of samples at ``sites`` (those that any record bears on), as in ``SiteCall``.

    All arrays have the shape sites x samples, ``alleles`` and ``allele_depths`` one more axis of 2. ``alleles`` are codes of ``spellings``
    (``NO_ALLELE`` where there is none), ``state`` and ``reason`` codes of ``SiteState`` and of ``None`` and ``NoCallReason`` in their
    order, ``filter`` and ``remark`` codes of ``filters`` and ``remarks``. ``phase_set``, ``depth`` and ``allele_depths`` are ``NO_NUMBER``
    where they are missing, ``quality`` (Phred) is NaN.
    """

    def __init__(
        self,
        sites: Sequence[PanelSite],
        samples: int,
        spellings: Sequence[Spellings],
        filters: Codes | None = None,
        remarks: Codes | None = None,
    ) -> None:
        """Begin with nothing at any site. Blocks of one input share its ``filters`` and ``remarks``."""
        self.sites = sites
        self.samples = samples
        self.spellings = spellings
        self.filters = filters or Codes(None)
        self.remarks = remarks or Codes(NO_REMARK)
        shape = (len(sites), samples)
        self.alleles: NDArray[np.int16] = np.full((*shape, 2), NO_ALLELE, dtype=np.int16)
        self.state: NDArray[np.uint8] = np.full(shape, _ABSENT, dtype=np.uint8)
        self.reason: NDArray[np.uint8] = np.zeros(shape, dtype=np.uint8)
        self.phased: NDArray[np.bool_] = np.zeros(shape, dtype=np.bool_)
        self.phase_set: NDArray[np.int32] = np.full(shape, NO_NUMBER, dtype=np.int32)
        self.depth: NDArray[np.int32] = np.full(shape, NO_NUMBER, dtype=np.int32)
        self.allele_depths: NDArray[np.int32] = np.full((*shape, 2), NO_NUMBER, dtype=np.int32)
        self.quality: NDArray[np.float64] = np.full(shape, np.nan)
        self.filter: NDArray[np.int32] = np.zeros(shape, dtype=np.int32)
        self.remark: NDArray[np.int32] = np.zeros(shape, dtype=np.int32)

    def put(self, site: int, samples: int | Sequence[int], call: SiteCall) -> None:
        """Write one call, of a site by its index, for some samples."""
        self.__dict__.pop("evidence", None)
        self.__dict__.pop("with_unknown", None)
        spellings = self.spellings[site]
        codes = [spellings.code(text) for text in call.alleles]
        self.alleles[site, samples] = (codes + [NO_ALLELE] * 2)[:2]
        self.state[site, samples] = _STATE_CODES[call.state]
        self.reason[site, samples] = _REASON_CODES[call.reason]
        self.phased[site, samples] = call.phased
        if call.phase_set is not None:
            self.phase_set[site, samples] = call.phase_set
        if call.depth is not None:
            self.depth[site, samples] = call.depth
        if call.allele_depths:
            self.allele_depths[site, samples] = call.allele_depths
        if call.quality is not None:
            self.quality[site, samples] = call.quality
        self.filter[site, samples] = self.filters.code(call.filter)
        self.remark[site, samples] = self.remarks.code((call.carried, call.refused))

    def calls(self, sample: int, sites: Collection[int] | None = None) -> dict[str, SiteCall]:
        """Return the calls of a sample by site id, of all sites or of some by their index."""
        wanted: Any = slice(None) if sites is None else list(sites)
        numbers = range(len(self.sites)) if sites is None else wanted
        arrays = (self.alleles, self.state, self.reason, self.phased, self.phase_set, self.depth, self.allele_depths, self.quality)
        lists = [array[wanted, sample].tolist() for array in (*arrays, self.filter, self.remark)]
        columns: Iterable[Any] = zip(numbers, *lists, strict=True)
        all_sites, all_spellings, filters, remarks = self.sites, self.spellings, self.filters.values, self.remarks.values
        calls: dict[str, SiteCall] = {}
        make = tuple.__new__
        for site, (first, second), state, reason, phased, phase_set, depth, reads, quality, refusal, remark in columns:
            spellings = all_spellings[site]
            texts, known = spellings.values, spellings.known
            if second >= 0:
                alleles: tuple[str, ...] = (texts[first], texts[second])
            else:
                alleles = () if first < 0 else (texts[first],)
            unknown = () if first < known > second else tuple(dict.fromkeys(texts[code] for code in (first, second) if code >= known))
            carried, refused = remarks[remark]
            name = all_sites[site].id
            # NamedTuple's own constructor takes twice as long.
            calls[name] = make(
                SiteCall,
                (
                    name,
                    _STATES[state],
                    alleles,
                    unknown,
                    phased,
                    None if phase_set == NO_NUMBER else phase_set,
                    None if depth == NO_NUMBER else depth,
                    () if reads[0] == NO_NUMBER else (reads[0], reads[1]),
                    None if isnan(quality) else quality,
                    filters[refusal],
                    _REASONS[reason],
                    carried,
                    refused,
                ),
            )
        return calls

    def patterns(self, sites: Sequence[int]) -> list[bytes]:
        """Return all data of some sites that calling uses, one value for each sample: equal values mean equal evidence.

        Depths are included only where calling counts reads of each allele. Phase sets are numbered as they come, as their own numbers mean
        nothing. Values of two blocks can be compared where these share their ``spellings`` and ``remarks``.
        """
        patterns = _rows(self.evidence[sites].swapaxes(0, 1).reshape(self.samples, -1))
        phase_sets = self.phase_set[sites]
        for sample in np.flatnonzero((phase_sets != NO_NUMBER).any(axis=0)).tolist():
            patterns[sample] += _renumbered(phase_sets[:, sample])
        return patterns

    @cached_property
    def evidence(self) -> NDArray[np.uint8]:
        """All data that calling uses except phase sets, as bytes: sites x samples x bytes. Use it after all calls are written."""
        reads = self.allele_depths
        counted = np.where(reads[..., 0] == NO_NUMBER, NO_NUMBER, self.depth)
        parts = (self.alleles, self.state, self.reason, self.phased, self.remark, reads, counted)
        shape = (len(self.sites), self.samples, -1)
        return np.concatenate([part.reshape(shape).view(np.uint8) for part in parts], axis=2)

    @cached_property
    def with_unknown(self) -> NDArray[np.bool_]:
        """Which sites of which samples have an allele that is not in the panel. Use it after all calls are written."""
        known = np.array([spellings.known for spellings in self.spellings], dtype=np.int16)
        result: NDArray[np.bool_] = np.any(self.alleles >= known[:, None, None], axis=2)
        return result

    def at(self, site: int) -> list[bytes]:
        """Return all data of one site except phase sets, one value for each sample: equal values mean equal calls."""
        codes = (self.alleles, self.state, self.reason, self.phased, self.remark, self.filter)
        arrays: tuple[NDArray[Any], ...] = (*codes, self.allele_depths, self.depth, self.quality)
        return _rows(np.concatenate([array[site].reshape(self.samples, -1).view(np.uint8) for array in arrays], axis=1))

    def unknown(self, sites: Sequence[int]) -> NDArray[np.bool_]:
        """Return which samples have an allele at any of some sites that the panel does not know."""
        result: NDArray[np.bool_] = np.any(self.with_unknown[sites], axis=0)
        return result


def _rows(packed: NDArray[np.uint8]) -> list[bytes]:
    data, width = packed.tobytes(), packed.shape[1]
    return [data[start : start + width] for start in range(0, len(data), width)]


def _renumbered(phase_sets: NDArray[np.int32]) -> bytes:
    """Return the phase sets of one sample numbered from 0, in the order in which they come."""
    numbers: dict[int, int] = {NO_NUMBER: NO_NUMBER}
    return np.array([numbers.setdefault(number, len(numbers) - 1) for number in phase_sets.tolist()], dtype=np.int32).tobytes()


class SampleBlock:
    """Some samples of an input, in its order: their ``names``, the ``columns`` of their sites, and what else intake has of each.

    ``make`` returns a sample, by its number in the block, with given calls of its sites.
    """

    def __init__(
        self,
        names: Sequence[str],
        columns: SiteColumns,
        absent: Mapping[str, SiteCall],
        make: Callable[[int, dict[str, SiteCall]], SampleSites],
    ) -> None:
        self.names = names
        self.columns = columns
        self._absent = absent
        self._make = make
        self._beside: dict[int, SampleSites] = {}
        self._made: tuple[int, dict[str, SiteCall]] | None = None

    def __len__(self) -> int:
        return len(self.names)

    def sample(self, number: int) -> SampleSites:
        """Return a sample with the calls of all sites of the panel."""
        return replace(self.beside(number), calls={**self._absent, **self.calls(number)})

    def calls(self, number: int) -> Mapping[str, SiteCall]:
        """Return the calls of a sample by site id, of the sites of the columns."""
        if self._made is None or self._made[0] != number:
            self._made = number, self.columns.calls(number)
        return self._made[1]

    def part(self, number: int, sites: Collection[int]) -> SampleSites:
        """Return a sample with the calls of some sites, by their index in the columns."""
        if len(self) > 1:
            return replace(self.beside(number), calls=self.columns.calls(number, sites))
        # Of one sample alone all parts are wanted.
        calls, all_sites = self.calls(number), self.columns.sites
        return replace(self.beside(number), calls={name: calls[name] for name in [all_sites[site].id for site in sites]})

    def beside(self, number: int) -> SampleSites:
        """Return the data of a sample besides the calls of its sites."""
        sample = self._beside.get(number)
        if sample is None:
            sample = self._beside[number] = self._make(number, {})
        return sample
