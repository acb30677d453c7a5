"""Our own JSON and TSV of outside calls."""

from collections.abc import Iterator, Mapping
from typing import Any

from trdpgx.calling.outside_calls.document import ResultFile
from trdpgx.calling.outside_calls.problems import OUTSIDE_CALLS_INVALID
from trdpgx.model.naming import json_path, known_names, ordinal
from trdpgx.model.outside import OutsideCall
from trdpgx.model.problem import InputError

COLUMNS = frozenset(OutsideCall.model_fields)
_RESULTS = COLUMNS & {"diplotype", "phenotype", "activity_score", "no_call"}
_LIST = "outside_calls"


class OwnJson:
    """``{"outside_calls": [...]}``, with ``tool`` and ``sample`` of all calls beside the list, or the list alone."""

    def recognises(self, document: ResultFile) -> bool:
        """Return whether the file is our JSON: by its key, or by the gene in each item of the list."""
        root = document.json
        return (isinstance(root, dict) and _LIST in root) or (
            isinstance(root, list) and bool(root) and all(isinstance(item, dict) and "gene" in item for item in root)
        )

    def read(self, document: ResultFile) -> Iterator[Mapping[str, Any]]:
        """Yield each item. Raises ``InputError`` with its path where it is no call of ours."""
        root = document.json
        items = root[_LIST] if isinstance(root, dict) else root
        if not isinstance(items, list):
            raise InputError(OUTSIDE_CALLS_INVALID, f"`{_LIST}` must be a list of objects.")
        shared = {name: root[name] for name in ("tool", "sample") if name in root} if isinstance(root, dict) else {}
        for number, item in enumerate(items):
            path = json_path([_LIST, number] if isinstance(root, dict) else ["", number])
            if not isinstance(item, dict):
                raise InputError(OUTSIDE_CALLS_INVALID, f"`{path}` is not an object.")
            for position, name in enumerate(item, 1):
                if name not in COLUMNS:
                    detail = f"The {ordinal(position)} field of `{path}` is not known. {known_names(name, COLUMNS)}"
                    raise InputError(OUTSIDE_CALLS_INVALID, detail)
            if not item.keys() & _RESULTS:
                detail = f"`{path}` is empty: give a diplotype, a phenotype, an activity score or no_call."
                raise InputError(OUTSIDE_CALLS_INVALID, detail)
            yield {**shared, **item, "path": path}


class OwnTable:
    """A TSV with a header that has ``gene`` and ``diplotype`` and any other field of a call."""

    def recognises(self, document: ResultFile) -> bool:
        """Return whether the header has the two columns that ours must have."""
        return document.json is None and {"gene", "diplotype"} <= set(document.header)

    def read(self, document: ResultFile) -> Iterator[Mapping[str, Any]]:
        """Yield each line. Raises ``InputError`` where a column is not known."""
        for position, name in enumerate(document.header, 1):
            if name and name not in COLUMNS:
                detail = f"The {ordinal(position)} column is not known. {known_names(name, COLUMNS)}"
                raise InputError(OUTSIDE_CALLS_INVALID, detail, line=document.rows[0].number)
        for line, record in document.records():
            yield {**record, "no_call": _truth(record["no_call"]), "line": line} if "no_call" in record else {**record, "line": line}


def _truth(word: str) -> bool | str:
    return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(word.lower(), word)
