"""Population frequencies from a file of the operator: a tabix-indexed VCF (such as gnomAD sites) or a Parquet table.

The intervals of the panel genes are read once, when the service starts; a look-up is then one dictionary access. The operator states that
the file is a population's, so ``AF`` is read here as what it is. Alleles are matched after trimming what REF and ALT share; both sides
are expected to be left-aligned, as VCF files are after ``bcftools norm``.
"""

import json
import logging
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from cyvcf2 import VCF

from trdpgx.model.edit import Edit, trim
from trdpgx.model.errors import TrdpgxError
from trdpgx.model.frequency import UNKNOWN_FREQUENCY, Frequency, FrequencyState
from trdpgx.model.region import GeneRegion, by_chromosome

_OVERALL = ("AF", "AF_joint")
_HIGHEST = ("AF_grpmax", "AF_popmax", "AF_grpmax_joint")
_POPULATIONS = tuple(f"AF_{name}" for name in ("afr", "amr", "eas", "nfe", "sas"))
_PARQUET = Path(__file__).with_name("parquet_rows.py")

_log = logging.getLogger(__name__)


class FrequencyFileError(TrdpgxError, ValueError):
    """The file cannot be used. The message gives the reason."""


_Key = tuple[str, Edit]
"""Chromosome without ``chr``, and the change of an allele without the bases that REF and ALT share."""


class FrequencyFile:
    """The frequencies of the alleles in some intervals of the genome. Outside these intervals nothing is known."""

    def __init__(self, name: str, regions: Iterable[GeneRegion], entries: Iterable[tuple[_Key, float | None, float | None]]) -> None:
        """Keep the entries: trimmed allele, overall and highest frequency."""
        self._name = name
        self._regions = by_chromosome(regions)
        self._found: dict[_Key, Frequency] = {}
        for key, overall, highest in entries:
            if overall is not None or highest is not None:
                self._found[key] = Frequency(FrequencyState.KNOWN, overall, highest, name)
        self._absent = Frequency(FrequencyState.ABSENT, source=name)

    def __len__(self) -> int:
        """Return how many alleles are known."""
        return len(self._found)

    def lookup(self, chrom: str, pos: int, ref: str, alt: str) -> Frequency:
        """Return what the file knows of an allele (chromosome without ``chr``, 1-based)."""
        frequency = self._found.get(_key(chrom, pos, ref, alt))
        if frequency is not None:
            return frequency
        inside = any(start <= pos <= end for start, end in self._regions.get(chrom, ()))
        return self._absent if inside else UNKNOWN_FREQUENCY


def load_frequency_file(path: Path, regions: Iterable[GeneRegion]) -> FrequencyFile:
    """Read the intervals of the regions from a VCF (``.vcf.gz`` or ``.bcf`` with its index) or a Parquet file (``.parquet``).

    A Parquet file has the columns chrom, pos, ref, alt, af and perhaps af_highest. Raises ``FrequencyFileError``.
    """
    wanted = tuple(regions)
    if not path.is_file():
        raise FrequencyFileError(f"{path}: no such file")
    entries = _parquet(path, wanted) if path.suffix == ".parquet" else _vcf(path, wanted)
    loaded = FrequencyFile(path.name, wanted, entries)
    _log.info("frequency file: %d alleles", len(loaded))
    return loaded


def _key(chrom: str, pos: int, ref: str, alt: str) -> _Key:
    return chrom, trim(pos, ref, alt)


def _parquet(path: Path, regions: tuple[GeneRegion, ...]) -> Iterator[tuple[_Key, float | None, float | None]]:
    """Yield the rows of a Parquet file that lie in the regions."""
    intervals = json.dumps([(region.chrom, region.start, region.end) for region in regions])
    command = [sys.executable, "-IB", str(_PARQUET), str(path.absolute())]
    done = subprocess.run(command, input=intervals, capture_output=True, text=True, encoding="utf-8", check=False)  # noqa: S603
    if done.returncode != 0:
        raise FrequencyFileError(f"{path}: {done.stderr.strip()}")
    for name, pos, ref, alt, overall, top in json.loads(done.stdout):
        yield _key(name, pos, ref, alt), overall, top


def _vcf(path: Path, regions: tuple[GeneRegion, ...]) -> Iterator[tuple[_Key, float | None, float | None]]:
    """Yield the alleles of an indexed VCF or BCF that lie in the regions."""
    if not any(path.with_name(path.name + suffix).is_file() for suffix in (".tbi", ".csi")):
        raise FrequencyFileError(f"{path}: no index beside it; make one with tabix or bcftools index")
    with closing(VCF(str(path))) as file:
        fields = {line["ID"] for line in file.header_iter() if line["HeaderType"] == "INFO"}
        overall, highest = _chosen(fields, _OVERALL), _chosen(fields, _HIGHEST)
        populations = tuple(name for name in _POPULATIONS if name in fields)
        if overall is None and highest is None and not populations:
            raise FrequencyFileError(f"{path}: no frequency field; {', '.join((*_OVERALL, *_HIGHEST))} are read")
        prefix = "chr" if any(name.startswith("chr") for name in file.seqnames) else ""
        names = set(file.seqnames)
        for region in regions:
            if prefix + region.chrom in names:
                for record in file(f"{prefix}{region.chrom}:{region.start}-{region.end}"):
                    for index, alt in enumerate(record.ALT):
                        top = [_number(record.INFO, name, index) for name in ((highest,) if highest else populations)]
                        numbers = [number for number in top if number is not None]
                        number = None if overall is None else _number(record.INFO, overall, index)
                        yield _key(region.chrom, record.POS, record.REF, alt), number, max(numbers, default=None)


def _chosen(fields: set[str], names: Iterable[str]) -> str | None:
    """Return the first of some names that the header has."""
    return next((name for name in names if name in fields), None)


def _number(info: Mapping[str, object], name: str, index: int) -> float | None:
    """Return the value of one ALT; ``None`` where it is missing."""
    value = info.get(name)
    if isinstance(value, tuple):
        value = value[index] if index < len(value) else None
    return float(value) if isinstance(value, (int, float)) else None
