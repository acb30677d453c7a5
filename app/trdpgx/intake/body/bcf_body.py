"""A decompressed BCF in pieces: header text, then binary records (VCF specification 4.3, section 6).

Records are skipped by their stated lengths, with bounds checked. A record that touches the panel is turned into a line of VCF, so that
it goes through the same validator as any other and no uploaded binary data reaches the parser (docs/decisions/0011-bcf-as-text.md).
"""

import struct
from collections.abc import Mapping

from trdpgx.intake.body import FinishedBody
from trdpgx.intake.body.bcf_record import BcfDictionary, decode_line, info_end, read_alleles
from trdpgx.intake.problems import BAD_BCF, HEADER_TOO_LARGE, LINE_TOO_LONG, TOO_MANY_RECORDS, TRUNCATED
from trdpgx.intake.scan.panel_index import ChromosomeIntervals
from trdpgx.intake.scan.record_end import is_segment
from trdpgx.intake.scan.scanner import LineSelection, LineStore, RowSampler, SelectedLine, is_structural_alt
from trdpgx.intake.vcf.alleles import UNSEEN_SYMBOLS
from trdpgx.intake.vcf.contigs import chromosome
from trdpgx.intake.vcf.header import Header, HeaderReader
from trdpgx.intake.vcf.lines import check_text
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError

_START = struct.Struct("<5sI")
_RECORD = struct.Struct("<IIiii")
_POSITION = struct.Struct("<iii")
_SHARED_MIN = 24


class BcfBody:
    """Takes the decompressed bytes of a BCF in pieces of any size."""

    def __init__(
        self,
        targets: Mapping[str, ChromosomeIntervals],
        limits: Limits,
        sampler: RowSampler | None = None,
        selected: LineStore | None = None,
    ) -> None:
        """Look for ``targets``. ``selected`` takes the records over them as lines; ``sampler`` gets some rows of each chromosome."""
        self.header = Header()
        self._sampler = sampler
        self._records = 0
        self._sorted = True
        self._blocks = False
        self._selected: LineStore = [] if selected is None else selected
        self._targets = targets
        self._limits = limits
        self._pending = bytearray()
        self._dictionary: BcfDictionary | None = None
        self._chroms: dict[int, tuple[str | None, ChromosomeIntervals | None]] = {}
        self._last = (-1, -1)
        self._seen: set[int] = set()
        self._selection = LineSelection(self._selected, limits)

    def feed(self, piece: bytes) -> None:
        """Take a piece. Raises ``InputError``."""
        self._pending += piece
        at = 0
        if self._dictionary is None:
            at = self._read_header()
        if self._dictionary is not None:
            at = self._read_records(at, self._dictionary)
        del self._pending[:at]

    def finish(self) -> FinishedBody:
        """Return what the body has. Raises ``InputError`` where the last record, or the header, is not all there."""
        if self._dictionary is None:
            raise InputError(TRUNCATED, "The BCF stops inside its header.")
        if self._pending:
            raise InputError(TRUNCATED, "The BCF stops inside a record.")
        return FinishedBody(
            header=self.header,
            lines=None,
            records=self._records,
            sorted=self._sorted,
            blocks=self._blocks,
            chromosomes={chrom for chrom in (self._chroms[number][0] for number in self._seen) if chrom is not None},
            contigs={self._dictionary.contigs[number] for number in self._seen},
            selected=self._selected,
        )

    def _read_header(self) -> int:
        """Read the header when all of it is there; return how many bytes it took."""
        if len(self._pending) < _START.size:
            return 0
        size = int(_START.unpack_from(self._pending)[1])
        if size > self._limits.max_header_bytes:
            raise InputError(HEADER_TOO_LARGE, f"The cap is {self._limits.max_header_bytes} bytes.")
        end = _START.size + size
        if len(self._pending) < end:
            return 0
        text = bytes(self._pending[_START.size : end]).rstrip(b"\0")
        if not text.endswith(b"\n"):
            text += b"\n"
        reader = HeaderReader(self._limits)
        reader.feed(check_text(text, 1))
        self.header = reader.finish()
        self._dictionary = BcfDictionary(self.header)
        if self._sampler is not None:
            self._sampler.begin(self.header)
        for number, name in self._dictionary.contigs.items():
            chrom = chromosome(name)
            self._chroms[number] = (chrom, self._targets.get(chrom) if chrom is not None else None)
        return end

    def _read_records(self, at: int, dictionary: BcfDictionary) -> int:
        """Read the records that are all there, from ``at`` on; return where the next one starts."""
        pending, first = self._pending, at
        while len(pending) - at >= _RECORD.size:
            shared, individual, contig, pos, length = _RECORD.unpack_from(pending, at)
            if shared + individual > self._limits.max_line_bytes:
                raise InputError(LINE_TOO_LONG, f"The cap is {self._limits.max_line_bytes} bytes, for a BCF record as for a line.")
            if shared < _SHARED_MIN or pos < -1 or length < 0 or contig not in self._chroms:
                raise InputError(BAD_BCF, f"The fixed-size part of record {self._records + 1} has impossible values.")
            end = at + 8 + shared + individual
            if len(pending) < end:
                break
            self._count(contig, pos)
            chrom, target = self._chroms[contig]
            if chrom is not None and target is not None:
                reaching = dictionary.reaching.search(pending, at + 8, at + 8 + shared)
                if reaching is not None or target.near(pos + 1, pos + length):
                    self._look(dictionary, bytes(pending[at + 8 : end]), shared, chrom, target)
            if chrom is not None and self._sampler is not None:
                for _ in self._sampler.due(chrom, 1):
                    self._sample(self._sampler, dictionary, bytes(pending[at + 8 : end]), shared, chrom)
            at = end
        self._blocks = self._blocks or any(pending.find(symbol, first, at) >= 0 for symbol in UNSEEN_SYMBOLS)
        return at

    def _sample(self, sampler: RowSampler, dictionary: BcfDictionary, record: bytes, shared: int, chrom: str) -> None:
        """Pass a record to the sampler, if it can be decoded."""
        try:
            line = decode_line(dictionary, record, shared, len(self.header.samples), chrom)
        except (struct.error, LookupError, ValueError, OverflowError):
            return
        sampler.look(chrom, line)

    def _count(self, contig: int, pos: int) -> None:
        self._records += 1
        if self._records > self._limits.max_records:
            raise InputError(TOO_MANY_RECORDS, f"The cap is {self._limits.max_records} records.")
        if contig != self._last[0]:
            self._sorted = self._sorted and contig not in self._seen
            self._seen.add(contig)
        elif pos < self._last[1]:
            self._sorted = False
        self._last = (contig, pos)

    def _look(self, dictionary: BcfDictionary, record: bytes, shared: int, chrom: str, target: ChromosomeIntervals) -> None:
        """Keep a record if it touches the panel."""
        try:
            _, pos, length = _POSITION.unpack_from(record)
            reach = info_end(dictionary, record, shared, pos + 1, length)
            if not target.windows.touches(pos + 1, reach):
                if not target.regions.touches(pos + 1, reach):
                    return
                ref, alt = read_alleles(record, shared)
                if not is_structural_alt(len(ref), alt, b"CN"):
                    return
            line = decode_line(dictionary, record, shared, len(self.header.samples), chrom)
        except (struct.error, LookupError, ValueError, OverflowError):
            raise InputError(BAD_BCF, f"Record {self._records} does not match the lengths and types that it states.") from None
        self._keep(line, chrom)

    def _keep(self, line: bytes, chrom: str) -> None:
        fields = line.split(b"\t", 8)
        if fields[4] == b"." and b"END=" in fields[7] and not is_segment(fields[7], fields[8].split(b"\t", 1)[0]):
            self._blocks = True
        self._selection.add(SelectedLine(None, chrom, line))
