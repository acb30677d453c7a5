"""``python -m performance.trace``: the functions that one record passes through between the buffer of lines and the call of its gene.

Two inputs are read, the second with one more record at another site of the same gene. Listed are the functions that are called more often
for the second, from the scan of the buffer to the matching of the gene's pattern; calls made once for each request are not counted.
"""

import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

from performance.panel import panel_vcf
from trdpgx.model.options import Options
from trdpgx.pipeline import Service

_FIRST, _LAST = ("intake/scan/scanner.py", "scan"), ("calling/star_alleles/matcher.py", "match")
_SITES = ("chr10\t94781859", "chr10\t94780653", "chr10\t94762706")
_OPTIONS = Options(assembly="GRCh38")


def main() -> None:
    """Print the modules, with their functions."""
    lines = panel_vcf().decode().splitlines()
    header = [line for line in lines if line.startswith("#")]
    records = [line.replace("0/0:31:99:31,0", "0/1:31:99:15,16") for line in lines if line.startswith(_SITES)]
    with Service() as service:
        fewer, all_records = (called(partial(read, service, made(header, records[:number]))) for number in (2, 3))
    more = all_records - fewer
    modules = sorted({module for module, _ in more})
    for module in modules:
        print(f"{module}: {', '.join(sorted(name for at, name in more if at == module and not name.startswith('<')))}")
    print(f"{len(modules)} modules, {len(more)} functions")


def made(header: list[str], records: list[str]) -> bytes:
    """Return a VCF."""
    return ("\n".join((*header, *records)) + "\n").encode()


def read(service: Service, text: bytes) -> None:
    """Make the report."""
    intake = service.intake(_OPTIONS)
    intake.feed(text)
    list(service.reports(intake.finish(), _OPTIONS))


def called(act: Callable[[], object]) -> Counter[tuple[str, str]]:
    """Count the calls of each function of the package, from ``_FIRST`` to ``_LAST``."""
    counts: Counter[tuple[str, str]] = Counter()
    counting = False

    def note(frame: FrameType, event: str, _: Any) -> None:
        nonlocal counting
        module = frame.f_code.co_filename.rpartition("/trdpgx/")[2]
        if event != "call" or module == frame.f_code.co_filename:
            return
        key = module, frame.f_code.co_name
        counting = counting or key == _FIRST
        if key == _LAST:
            sys.setprofile(None)
        elif counting:
            counts[key] += 1

    act()
    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(None)
    return counts


if __name__ == "__main__":
    main()
