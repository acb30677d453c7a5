"""The engine in Python, line by line as the specification has it: what ``scan.c`` must find, and what stands in for it."""

from trdpgx.intake.scan.engine import MAX_POSITION, ContigRun, Hit, ScanResult
from trdpgx.intake.scan.panel_index import PanelIntervals
from trdpgx.intake.scan.record_end import is_segment, line_end, stated_ends
from trdpgx.intake.vcf.alleles import UNSEEN_SYMBOLS
from trdpgx.intake.vcf.contigs import chromosome


class LineEngine:
    """Scans one line after the other. Each must have this number of ``columns`` and at most ``longest`` bytes."""

    def __init__(self, targets: PanelIntervals, columns: int, longest: int) -> None:
        self._targets = targets
        self._columns = columns
        self._longest = longest
        self._blocks = False

    def look(self, text: bytes, start: int, end: int) -> ScanResult | None:
        """Return the result for the lines ``text[start:end]``, or ``None`` where one is wrong or has a NUL or a carriage return."""
        buffer = text[start:end]
        if not buffer.endswith(b"\n") or b"\0" in buffer or b"\r" in buffer:
            return None
        runs: list[ContigRun] = []
        hits: list[Hit] = []
        lines = buffer[:-1].split(b"\n")
        for number, line in enumerate(lines):
            columns = line.split(b"\t")
            if not self._is_sound(line, columns):
                return None
            name, pos = columns[0], int(columns[1])
            if runs and runs[-1].name == name:
                before = runs[-1]
                runs[-1] = before._replace(last=pos, ascending=before.ascending and pos >= before.last)
            else:
                runs.append(ContigRun(number, name, pos, pos, ascending=True))
            self._blocks = self._blocks or _is_block(columns)
            chrom = chromosome(name)
            target = None if chrom is None else self._targets.get(chrom)
            if chrom is not None and target is not None:
                reach = line_end(pos, columns)
                in_window = target.windows.touches(pos, reach)
                if in_window or target.regions.touches(pos, reach):
                    hits.append(Hit(number, start, start + len(line), chrom, in_window))
            start += len(line) + 1
        return ScanResult(len(lines), runs, hits, self._blocks)

    def _is_sound(self, line: bytes, columns: list[bytes]) -> bool:
        """Whether a line has its columns, a CHROM, and a POS that is a whole number in the allowed range."""
        if len(columns) != self._columns or len(line) > self._longest or not columns[0] or line.startswith(b"#"):
            return False
        pos = columns[1]
        return pos.isdigit() and len(pos) <= len(str(MAX_POSITION)) and int(pos) <= MAX_POSITION


def _is_block(columns: list[bytes]) -> bool:
    """Whether a line is a gVCF block: ALT names "any other" allele; or there is none, and END, and no copy-number caller made it."""
    alt, info = columns[4], columns[7]
    if alt == b".":
        return bool(stated_ends(info.split(b";"))) and not is_segment(info, columns[8])
    return not set(UNSEEN_SYMBOLS).isdisjoint(alt.split(b","))
