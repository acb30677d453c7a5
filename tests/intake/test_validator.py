"""The validator's quick check of a sample column against that of its fields one by one: the same record, or the same refusal."""

from math import isnan

from hypothesis import example, given, settings
from hypothesis import strategies as st

from trdpgx.intake.scan.scanner import SelectedLine
from trdpgx.intake.validate.format_column import read_format
from trdpgx.intake.validate.record import SanitisedRecord
from trdpgx.intake.validate.sample_values import MISSING, PADDING
from trdpgx.intake.validate.validator import RecordValidator
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError

FIELDS = {
    "GT": ["0/0", "0/1", "1|0", "./.", "0|1", "1", ".", "0/.", "/0|1", "2/1", "00/1", "0/01", "0/1/1", "", "x"],
    "DP": ["31", ".", "", "-1", "1234567890", "3.5"],
    "AD": ["31,0", "0", ".", ".,3", "1,", "1,2,3", "a,b"],
    "GQ": ["99", "33.5", ".", "", "1e3", "-1", "nan", "9."],
    "PS": ["1", ".", "block", "94781859", "1234567890"],
    "FT": ["PASS", ".", "", "LowQual", "a;b"],
    "CN": ["2", ".", "x", "2.75"],
    "RD_CN": ["3", "."],
    "RDCN": ["1.5", "."],
    "MIN_DP": ["9", "."],
    "PL": ["0,9,99", "", "."],
    "_X.1": ["anything", ""],
}
keys = st.lists(st.sampled_from(list(FIELDS)), min_size=1, max_size=6, unique=True).flatmap(st.permutations)
columns = keys.flatmap(
    lambda names: st.tuples(
        st.just(":".join(names)),
        st.tuples(*(st.sampled_from(FIELDS[name]) for name in names)).flatmap(
            lambda fields: st.integers(1, len(fields) + 1).map(lambda count: ":".join((*fields, "more")[:count]))
        ),
    )
)


Admitted = tuple[SanitisedRecord, dict[str, tuple[list[float], list[int]]], list[list[str] | None]]


def admitted(alt: str, form: str, sample: str, *, quick: bool) -> Admitted | str:
    """Return all that the validator makes of a line: the record, the numbers of the sample (NaN as -1), and FT."""
    validator = RecordValidator(Limits(), [0], 1)
    line = "\t".join(("10", "100", ".", "C", alt, "50.25", "PASS", ".", form, sample)).encode()
    try:
        if not quick:
            validator._formats[form.encode()] = read_format(form.encode())._replace(plain=None)
        record = validator.validate(SelectedLine(7, "10", line))
    except InputError as error:
        return error.problem.type
    columns = {
        key: ([-1 if isnan(value) else value for value in found.values], list(found.widths)) for key, found in validator.columns().items()
    }
    return record, columns, validator.sample_filters


@settings(max_examples=1_500, deadline=None)
@given(st.sampled_from(["T", ".", "T,G", "<DEL>"]), columns)
@example(".", ("GT:DP", "0/1:30"))
@example("T", ("DP:GT", "30:1|1"))
@example("T", ("DP:GT", "30"))
def test_quick_and_slow_agree(alt: str, column: tuple[str, str]) -> None:
    form, sample = column
    assert admitted(alt, form, sample, quick=True) == admitted(alt, form, sample, quick=False)


def test_the_quick_one_is_used() -> None:
    form = read_format(b"GT:AD:DP:GQ:PL")
    assert form.plain is not None
    assert form.plain.fullmatch(b"0/1:15,16:31:99:430,0,400")
    assert form.places == {"GT": 0, "DP": 2, "AD": 1, "GQ": 3, "PL": 4}


def test_numbers_of_samples() -> None:
    """What is no number is missing; rows of one record are as long as its longest."""
    validator = RecordValidator(Limits(), [0, 2], 3)
    line = "10\t100\t.\tC\tT,G\t.\t.\t.\tGT:AD:DP:GQ:PS:FT\t0/1:9,8,0:17:33.5:set:PASS\t0/0\t1/1:7:x:.:5"
    validator.validate(SelectedLine(1, "10", line.encode()))
    validator.validate(SelectedLine(2, "10", b"10\t101\t.\tC\tT\t.\t.\t.\tDP\t1\t2\t."))
    columns = validator.columns()
    assert [columns["AD"].row(0, sample) for sample in (0, 1)] == [[9, 8, 0], [7, PADDING, PADDING]]
    assert [columns["DP"].row(record, sample) for record in (0, 1) for sample in (0, 1)] == [[17], [MISSING], [1], [MISSING]]
    assert columns["GQ"].row(0, 0) == [33.5]
    assert [columns["PS"].row(0, sample) for sample in (0, 1)] == [[-1], [5]]
    assert columns["GQ"].row(1, 0) == columns["AD"].row(1, 0) == []
    assert validator.sample_filters == [["PASS", "."], None]
