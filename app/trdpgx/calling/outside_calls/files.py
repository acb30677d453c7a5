"""Files of outside calls: recognised by their content, and read into one strict model.

Our own JSON and TSV, PharmCAT's TSV and tables that name no tool are read here. Every other tool has an adapter
(``adapter``), found through the entry points of the group ``trdpgx.outside_calls`` (docs/calling.md shows how to add one).
"""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from pydantic import ValidationError

from trdpgx.calling.outside_calls.adapter import Adapter
from trdpgx.calling.outside_calls.adapters.own import OwnJson, OwnTable
from trdpgx.calling.outside_calls.adapters.tables import AnyTable, PharmcatTable
from trdpgx.calling.outside_calls.document import ResultFile, read_result_file
from trdpgx.calling.outside_calls.hla import is_carried_by, is_hla, two_field_allele
from trdpgx.calling.outside_calls.names import gene_and_allele, without_gene
from trdpgx.calling.outside_calls.no_calls import called_in_part, called_nothing, is_no_call_word
from trdpgx.calling.outside_calls.problems import (
    OUTSIDE_CALLS_INVALID,
    OUTSIDE_CALLS_TOO_MANY,
    OUTSIDE_CALLS_UNKNOWN_FORMAT,
)
from trdpgx.model.extensions import extensions, package_of
from trdpgx.model.limits import Limits
from trdpgx.model.outside import UNNAMED_TOOL, OutsideCall
from trdpgx.model.problem import InputError

ENTRY_POINTS = "trdpgx.outside_calls"
_COLUMNS = frozenset(OutsideCall.model_fields)
_DASHES = frozenset({"-", "\N{EN DASH}", "\N{MINUS SIGN}"})
_FORMS = MappingProxyType(
    {
        "gene": "must be an HGNC symbol",
        "sample": "must be a text of at most 1024 characters",
        "diplotype": "must be at most 300 characters, none of them a control character, with at most 99 gene copies",
        "phenotype": "must be at most 200 characters, none of them a control character",
        "activity_score": "must be a number from 0 to 99",
        "copy_number": "must be a whole number from 0 to 99",
        "no_call": "must be true or false",
        "quality_flag": "must be at most 200 characters, none of them a control character",
        "tool": "must be at most 100 characters, none of them a control character",
    }
)


def read_outside_calls(data: bytes, limits: Limits | None = None) -> tuple[OutsideCall, ...]:
    """Return the calls in a file, in its order.

    Raises ``InputError`` if the format is not known, a call is not valid, or there are more than ``limits`` allow (those of the
    environment, if none are given). A call whose diplotype is a word for "no call" is one.
    """
    allowed = limits or Limits()
    document = read_result_file(data, allowed)
    calls: list[OutsideCall] = []
    counts: Counter[tuple[str | None, str]] = Counter()
    for fields in _adapter_of(document).read(document):
        call = _call(fields)
        calls.append(call)
        counts[call.sample, call.gene] += 1
        if len(calls) > allowed.max_outside_calls:
            raise InputError(OUTSIDE_CALLS_TOO_MANY, f"The cap is {allowed.max_outside_calls} calls.")
        if counts[call.sample, call.gene] > allowed.max_outside_calls_per_gene:
            detail = f"The cap is {allowed.max_outside_calls_per_gene} calls for one gene of one sample."
            raise InputError(OUTSIDE_CALLS_TOO_MANY, detail)
    if not calls:
        raise InputError(OUTSIDE_CALLS_INVALID, "The file holds no call.")
    return tuple(calls)


@cache
def adapters() -> dict[str, Adapter]:
    """Return the adapters that are installed, by the package and the name of their entry point. Raises ``ExtensionError``."""
    return {
        point.name if package_of(point) == "trdpgx" else f"{package_of(point)}:{point.name}": one for point, one in extensions(ENTRY_POINTS)
    }


def _adapter_of(document: ResultFile) -> Adapter:
    """Return the one adapter that recognises a file: of the strictest rank in which there is one. Names count for nothing.

    Raises ``InputError`` where none recognises the file, or where two of one rank do: whose calls they are is not guessed.
    """
    installed = list(adapters().items())
    ranks: list[list[tuple[str, Adapter]]] = [
        [(name, one) for name, one in installed if not getattr(one, "loose", False)],
        [("own", OwnJson()), ("own", OwnTable())],
        [(name, one) for name, one in installed if getattr(one, "loose", False)],
        [("PharmCAT", PharmcatTable())],
        [("table", AnyTable())],
    ]
    for rank in ranks:
        recognising = [(name, one) for name, one in rank if one.recognises(document)]
        if len(recognising) == 1:
            return recognising[0][1]
        if recognising:
            names = ", ".join(name for name, _ in recognising)
            raise InputError(OUTSIDE_CALLS_UNKNOWN_FORMAT, f"The file looks like the output of several tools: {names}.")
    raise InputError(OUTSIDE_CALLS_UNKNOWN_FORMAT, "The file does not look like the output of a supported tool.")


def _call(fields: Mapping[str, object]) -> OutsideCall:
    """Return one call from what an adapter read. Raises ``InputError`` with its line or path."""
    line, path = fields.get("line"), fields.get("path")
    values = {name: value for name, value in fields.items() if name not in {"line", "path"} and value is not None}
    values.setdefault("tool", UNNAMED_TOOL)
    _read_gene(values)
    _read_no_call(values)
    try:
        return OutsideCall.model_validate(values)
    except ValidationError as error:
        where = f"{path}." if isinstance(path, str) else ""
        raise InputError(OUTSIDE_CALLS_INVALID, _what_is_wrong(error, where), line=line if isinstance(line, int) else None) from None


def _read_gene(values: dict[str, object]) -> None:
    """Write the gene as its symbol, and results without it; ``HLA-B*15:02`` with ``positive`` becomes a test of that allele."""
    if not isinstance(values.get("gene"), str):
        return
    gene, allele = gene_and_allele(str(values["gene"]))
    values["gene"] = gene
    for name in ("diplotype", "phenotype"):
        if isinstance(values.get(name), str):
            values[name] = without_gene(gene, str(values[name])).strip()
    if allele is None:
        return
    for name in ("diplotype", "phenotype"):
        result = is_carried_by(str(values.get(name, "")))
        if result is not None:
            values.pop("diplotype", None)
            values["phenotype"] = f"{two_field_allele(gene, allele) or allele} {'positive' if result else 'negative'}"
            return


def _read_no_call(values: dict[str, object]) -> None:
    """Leave out words without a result; a call with no result at all is a no-call."""
    if values.get("no_call") is not None and not isinstance(values["no_call"], bool):
        return
    gene, diplotype, phenotype, score = (values.get(name) for name in ("gene", "diplotype", "phenotype", "activity_score"))
    hla = isinstance(gene, str) and is_hla(gene)
    if isinstance(score, str):
        values["activity_score"] = score.strip().lstrip("≥>= ")
    for name in ("activity_score", "copy_number"):
        if isinstance(values.get(name), str) and is_no_call_word(str(values[name])):
            del values[name]
    if isinstance(diplotype, str) and called_nothing(diplotype):
        del values["diplotype"]
    elif isinstance(diplotype, str) and called_in_part(diplotype) and not hla and not _is_stated(phenotype, score):
        values["no_call"] = True  # the half that was called stays, to be named
    if hla and isinstance(phenotype, str) and phenotype.strip() in _DASHES and "diplotype" in values:
        # A dash in a column of its own may be an empty one or a negative result: neither is taken for the other.
        del values["diplotype"]
    if isinstance(phenotype, str) and is_no_call_word(phenotype) and not _has_result(values, phenotype, hla=hla):
        del values["phenotype"]
    if not values.keys() & {"diplotype", "phenotype", "activity_score"}:
        values["no_call"] = True


def _is_stated(*values: object) -> bool:
    return any(isinstance(value, int | float) or (isinstance(value, str) and not is_no_call_word(value)) for value in values)


def _has_result(values: Mapping[str, object], phenotype: str, *, hla: bool) -> bool:
    """Return whether a word for no call is a result beside a diplotype: ``Indeterminate``, or the result of a test of one HLA allele."""
    if "diplotype" not in values:
        return False
    return is_carried_by(phenotype) is not None if hla else phenotype.strip().lower() == "indeterminate"


def _what_is_wrong(error: ValidationError, where: str) -> str:
    """Return which fields are wrong and what they must be, and never what they hold."""
    details = error.errors(include_input=False, include_context=False)
    fields = sorted({str(detail["loc"][0]) for detail in details if detail["loc"]} & _COLUMNS)
    if fields:
        return " ".join(f"`{where}{name}` {_FORMS[name]}." for name in fields)
    return "A call has a field that is not known, or is empty: give a diplotype, a phenotype, an activity score or no_call."
