"""The formats of differences."""

from collections.abc import Callable, Mapping, Sequence

from trdpgx.model.report_diff import ReportDiff
from trdpgx.reannotation.diff.page import to_page
from trdpgx.reannotation.diff.text import to_text


def to_json(diffs: Sequence[ReportDiff]) -> bytes:
    """Return an array, whether of one or several."""
    return b"[" + b",\n".join(one.model_dump_json().encode() for one in diffs) + b"]\n"


DIFF_FORMATS: Mapping[str, Callable[[Sequence[ReportDiff]], bytes]] = {
    "json": to_json,
    "text": lambda diffs: to_text(diffs).encode(),
    "html": lambda diffs: to_page(diffs).encode(),
}
"""Writers of differences, by the name of the format."""
ENDINGS: Mapping[str, str] = {".json": "json", ".txt": "text", ".html": "html"}
"""The format by the ending of a file's name."""
