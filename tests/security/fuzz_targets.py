"""Functions that a fuzzer calls: each takes any bytes and raises only at a fault of intake.

A fault is an exception other than ``InputError``, an undocumented problem, an outcome that depends on how the bytes were cut, or a broken
invariant below. The panel is the small one of tests/intake.
"""

import gzip
import math
import random
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from unittest.mock import patch

from msgspec.structs import asdict

from tests.intake.panel import PANELS, vcf
from trdpgx.calling.outside_calls.files import read_outside_calls
from trdpgx.calling.outside_calls.precedence import prefer_outside_calls
from trdpgx.intake.body.bcf_body import BcfBody
from trdpgx.intake.body.bcf_record import BcfDictionary, decode_line
from trdpgx.intake.body.text_body import TextBody
from trdpgx.intake.decompress.budget import InputBudget
from trdpgx.intake.decompress.decompress import Decompressor
from trdpgx.intake.decompress.sniff import ENOUGH, Wrapping, sniff_content, sniff_wrapping
from trdpgx.intake.genotypes.panel_genotypes import PanelGenotypes
from trdpgx.intake.read import Intake
from trdpgx.intake.scan.panel_index import panel_intervals
from trdpgx.intake.scan.scanner import SelectedLine
from trdpgx.intake.validate.validator import RecordValidator
from trdpgx.intake.vcf import lines
from trdpgx.intake.vcf.contigs import chromosome
from trdpgx.intake.vcf.header import HeaderReader
from trdpgx.knowledge.load import load_knowledge
from trdpgx.model.gene import GeneDefinition
from trdpgx.model.library import Knowledge
from trdpgx.model.limits import Limits
from trdpgx.model.options import Options
from trdpgx.model.outside import OutsideCall
from trdpgx.model.problem import InputError
from trdpgx.reasoning.considerations import consider
from trdpgx.reasoning.drugs import summarise_drugs
from trdpgx.reasoning.prepared import PreparedRules, prepare
from trdpgx.service.catalogue import WORKER_PROBLEMS as PROBLEMS
from trdpgx.service.form import MultipartForm

LIMITS = Limits(max_bytes=2**20, max_inflated_bytes=2**23)
TARGETS = panel_intervals(PANELS)
BOUNDARY = b"limit"
SAMPLES = 2
COLUMNS = 9 + SAMPLES
FARTHEST = 249_000_000
"""No record beyond the longest chromosome is over the panel."""
BASES = frozenset("ACGTNRYSWKMBDHV")

Pieces = Iterable[bytes]


def cut(data: bytes) -> list[bytes]:
    """Return the bytes in pieces of 1 to 500 bytes; the same bytes are always cut alike."""
    chance = random.Random(zlib.crc32(data))
    pieces, at = [], 0
    while at < len(data):
        size = chance.choice((1, 1, 2, 3, 17, 64, 500))
        pieces.append(data[at : at + size])
        at += size
    return pieces


def outcome(work: Callable[[Pieces], object], pieces: Pieces) -> object:
    """Return the result, or the kind of problem and its line. Any exception but ``InputError`` is raised."""
    try:
        return work(pieces)
    except InputError as error:
        problem = error.problem
        kind = PROBLEMS[problem.type.removeprefix("/problems/")]
        assert problem.title == kind.title
        return problem.type, problem.line


def the_same(work: Callable[[Pieces], object], data: bytes) -> object | None:
    """Return what came out, or ``None`` for a refusal, having checked that it does not depend on where the bytes are cut.

    Which of several faults is the first one to be seen may depend on it: whether gzip data ends early or is damaged, for example.
    """
    found = [outcome(work, pieces) for pieces in ([data], cut(data))]
    whole, parts = (None if is_refusal(one) else one for one in found)
    assert whole == parts, "the outcome depends on the chunks"
    return whole


def is_refusal(found: object) -> bool:
    """Whether an outcome is a problem."""
    return isinstance(found, tuple) and isinstance(found[0], str)


def sniff(data: bytes) -> None:
    """The first bytes decide, so that whatever comes after them changes nothing."""
    for look in (sniff_wrapping, sniff_content):
        found = outcome(lambda pieces, look=look: look(b"".join(pieces)), [data])
        assert outcome(lambda pieces, look=look: look(b"".join(pieces)), [data[:ENOUGH]]) == found


def inflate(data: bytes) -> None:
    """What is accepted is what Python's own gzip makes of it, and its length was counted."""
    found = the_same(_inflate, data)
    if found is not None and found[0] is not Wrapping.PLAIN:
        assert found[1] == gzip.decompress(data)


def _inflate(pieces: Pieces) -> object:
    meter = InputBudget(LIMITS)
    decompressor = Decompressor(meter)
    try:
        out = b"".join([part for piece in pieces for part in decompressor.feed(piece)] + list(decompressor.finish()))
        assert meter.inflated == len(out)
        return decompressor.wrapping, out, decompressor.verified, decompressor.eof_marker
    finally:
        decompressor.close()


def scan(data: bytes) -> None:
    """A record whose REF touches a window is kept, wherever buffers end."""
    whole = outcome(_scan, [data])
    with patch.object(lines, "BUFFER", 200), patch.object(lines, "LARGE", 100):
        parts = outcome(_scan, cut(data))
    assert is_refusal(whole) == is_refusal(parts), "refused or not, by the chunks"
    if is_refusal(whole):
        return
    assert whole == parts, "the outcome depends on the chunks"
    kept = {line.text for line in whole["selected"]}
    _, _, body = (data + b"\n").replace(b"\r\n", b"\n").partition(b"\n#")
    for text in body.split(b"\n")[1:]:
        row = text.split(b"\t")
        chrom = chromosome(row[0])
        if chrom in TARGETS and TARGETS[chrom].windows.touches(int(row[1]), int(row[1]) + len(row[3]) - 1):
            assert text in kept, "a record over a window was lost"


def _scan(pieces: Pieces) -> object:
    body = TextBody(TARGETS, LIMITS)
    for piece in pieces:
        body.feed(piece)
    return asdict(body.finish())


def validator(data: bytes) -> None:
    """What the validator lets through is clean: alleles and genotypes in their grammar, and no value that the columns cannot hold."""
    fields = data.replace(b"\n", b"").split(b"\t")[:COLUMNS]
    fields += [b"."] * (COLUMNS - len(fields))
    fields[1] = b"%d" % min(int(fields[1][:9]), FARTHEST) if fields[1].isdigit() else b"100"
    admitted(b"\t".join(fields))


def admitted(line: bytes) -> None:
    """Check a line that the scanner, or BCF, has handed on."""
    genotypes = outcome(lambda pieces: _validated(b"".join(pieces)), [line])
    if not isinstance(genotypes, PanelGenotypes):
        return
    (record,) = genotypes.records
    assert record.ref
    assert BASES.issuperset(record.ref)
    assert not record.spelled or BASES.issuperset("".join(record.alts))
    assert record.end >= record.ref_end >= record.pos
    for sample in range(SAMPLES):
        alleles = genotypes.alleles(0, sample)
        assert alleles is None or (len(alleles[0]) > 0 and -1 <= min(alleles[0]) <= max(alleles[0]) <= len(record.alts))
        assert all(depth >= 0 for depth in genotypes.depths(0, sample))
        assert genotypes.quality(0, sample) is None or math.isfinite(genotypes.quality(0, sample) or 0.0)


def _validated(line: bytes) -> PanelGenotypes:
    checker = RecordValidator(LIMITS, range(SAMPLES), SAMPLES)
    return PanelGenotypes(checker.records([SelectedLine(1, "10", line)]), checker.columns)


def bcf(data: bytes) -> None:
    """Records are hopped over in the same way however they arrive."""
    found = the_same(_bcf, data)
    for selected in found["selected"] if found is not None else ():
        assert b"\n" not in selected.text
        assert selected.text.count(b"\t") == found["header"].columns - 1


def _bcf(pieces: Pieces) -> object:
    body = BcfBody(TARGETS, LIMITS)
    for piece in pieces:
        body.feed(piece)
    return asdict(body.finish())


def bcf_record(data: bytes) -> None:
    """One record, after the length of its shared part: a line that the validator can look at, or one of the errors that BCF answers for."""
    shared, record = int.from_bytes(data[:4], "little"), data[4:]
    if not (24 <= shared <= len(record) and -1 <= struct.unpack_from("<i", record, 4)[0] < FARTHEST):
        return
    try:
        line = decode_line(_dictionary(), record, shared, SAMPLES, "10")
    except (struct.error, LookupError, ValueError, OverflowError):
        return
    assert line.count(b"\t") == COLUMNS - 1
    admitted(line)


@cache
def _dictionary() -> BcfDictionary:
    reader = HeaderReader(LIMITS)
    reader.feed(vcf(samples="A B"))
    return BcfDictionary(reader.finish())


def form(data: bytes) -> None:
    """Each part reaches its own sink whole, however the body is cut."""
    the_same(_form, data)


def _form(pieces: Pieces) -> object:
    parts = {name: bytearray() for name in ("vcf", "context", "outside_calls", "targets")}
    taken = MultipartForm(BOUNDARY, {name: part.extend for name, part in parts.items()}, required={"vcf"})
    for piece in pieces:
        taken.feed(piece)
    taken.finish()
    return parts


def outside(data: bytes) -> None:
    """Whatever calls of other tools are read can be reported and reasoned about."""
    outcome(_outside, [data])


def _outside(pieces: Pieces) -> object:
    by_gene: dict[str, list[OutsideCall]] = {}
    for call in read_outside_calls(b"".join(pieces), LIMITS):
        by_gene.setdefault(call.gene, []).append(call)
    reports = [prefer_outside_calls(_genes().get(gene), None, calls, _rules().rulebook.caveats) for gene, calls in by_gene.items()]
    for report in reports:
        report.model_dump_json()
    summarise_drugs(_rules().rulebook, consider(_prepared(), reports, ()), reports)
    return len(reports)


@cache
def _rules() -> Knowledge:
    return load_knowledge(None, ())


@cache
def _prepared() -> PreparedRules:
    return prepare(_rules().rulebook)


@cache
def _genes() -> Mapping[str, GeneDefinition]:
    return _rules().reference.genes


def pipeline(data: bytes) -> None:
    """Through intake to the sites of the small panel: read, or refused for a reason that is documented."""
    found = outcome(_pipeline, cut(data))
    assert found == "read" or found[0] != "/problems/internal"


def _pipeline(pieces: Pieces) -> object:
    intake = Intake(Options(assembly="GRCh38"), PANELS, LIMITS)
    try:
        for piece in pieces:
            intake.feed(piece)
        assert list(intake.finish().samples)
    finally:
        intake.close()
    return "read"


ALL: dict[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (sniff, inflate, scan, validator, bcf, bcf_record, form, outside, pipeline)
}
