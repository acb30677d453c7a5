"""After an answer no object that anything can reach holds anything of the person, and a second request finds nothing done already."""

import asyncio
import functools
import gc
import re
import sys
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import numpy as np
import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

import trdpgx.intake
from tests.http.application import Client, open_client
from trdpgx.http.connections import Connections
from trdpgx.http.protocol import Protocol
from trdpgx.model.access import AccessSettings
from trdpgx.model.base import Model
from trdpgx.model.clinical_context import ClinicalContext
from trdpgx.model.options import Options
from trdpgx.pipeline import Service

NAME = re.compile("KCU[N]KI")
BASES = re.compile("GGATCCAA[C]GTTGGATCC")
MARKS = (NAME, BASES)
"""What only the person's file has: a name, and an inserted sequence. No pattern matches its own text, as that stays."""

TESTS = f"{Path(__file__).parents[1]}/"


def person() -> bytes:
    """Return a person's file, put together here lest the marks be constants of this module."""
    name, bases = ("".join(map(chr, reversed(codes))) for codes in ([73, 75, 78, 85, 67, 75], list(b"CCTAGGTTGCAACCTAGG")))
    rows = [
        ("chr10", 94761900, "C", "T", "0/1", "."),
        ("chr10", 94781859, "G", "A", "0/1", "."),
        ("chr10", 94942290, "C", "T", "0/1", "."),
        ("chr10", 94942291, "G", "A", "0/1", f"{name}_AF=0.1;CSQ=T|{name}"),
        ("chr19", 40991369, "C", f"C{bases}", "0/1", "."),
        ("chr22", 42126611, "C", "G", "0/1", "."),
        ("chr22", 42128945, "C", "T", "0/1", "."),
        ("chr22", 42130692, "G", "A", "0/1", "."),
        ("chr1", 158936917, "A", "G", "0|1", f"gnomAD_AF_{name}=0.0001;gnomad_af=0.00002;CSQ=G|missense_variant|{name}"),
        ("chr1", 158936918, "A", f"A{bases}", "0|1", "."),
    ]
    header = [
        "##fileformat=VCFv4.2",
        f'##INFO=<ID=CSQ,Number=.,Type=String,Description="{name} FormatColumn: Allele|Consequence|{name}_REVEL">',
        f'##INFO=<ID=gnomAD_AF_{name},Number=A,Type=Float,Description="{name}">',
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
        *(f"##contig=<ID=chr{n},length={length}>" for n, length in ((1, 248956422), (10, 133797422), (19, 58617616), (22, 50818468))),
        "\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", name)),
    ]
    records = ["\t".join((c, str(pos), name, ref, alt, ".", "PASS", info, "GT", genotype)) for c, pos, ref, alt, genotype, info in rows]
    return "\n".join([*header, *records, ""]).encode()


def outside() -> bytes:
    """Return calls of another tool that name the person."""
    name = "".join(map(chr, reversed([73, 75, 78, 85, 67, 75])))
    return f"gene\tdiplotype\tsample\ttool\nCYP2D6\t*1/*4x2\t{name}\t{name}\n".encode()


def everything() -> Iterator[Any]:
    """Yield every object that the collector, a module or a running function can reach, those that were set apart (frozen) as well."""
    gc.collect()
    here = sys._getframe()
    seen = {id(here), id(here.f_locals)}
    waiting: list[Any] = [vars(module) for module in list(sys.modules.values()) if module is not None]
    waiting += gc.get_objects()
    seen |= {id(waiting), id(seen)}
    while waiting:
        one = waiting.pop()
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += gc.get_referents(one)


def text_of(one: Any) -> str:
    """Return what an object spells out."""
    if isinstance(one, str):
        return one
    if isinstance(one, bytes | bytearray):
        return one.decode("latin-1")
    if isinstance(one, memoryview | np.ndarray):
        data = one.view(np.ndarray) if isinstance(one, np.ndarray) else one  # a masked array would write into itself
        return bytes(data.tobytes()).decode("latin-1") if data.nbytes < 2**24 else ""
    return ""


def is_pattern(one: Any) -> bool:
    """Return whether an object is what the matcher calls from: a genotype for each site of a gene, or nothing."""
    return (
        isinstance(one, tuple)
        and len(one) > 2
        and any(item is not None for item in one)
        and all(
            item is None or (isinstance(item, tuple) and len(item) == 3 and isinstance(item[0], str) and type(item[2]) is int)
            for item in one
        )
    )


def constants_of_tests() -> set[int]:
    """Return the ids of what the modules of the tests state: their constants, and the arguments of their parametrisations.

    Only containers of Python are followed, and nothing that a module of the program has by name: what the program holds is never left out.
    """
    modules = [module for module in list(sys.modules.values()) if module is not None]
    seen = {id(value) for module in modules if module.__name__.partition(".")[0] == "trdpgx" for value in list(vars(module).values())}
    waiting: list[Any] = [vars(module) for module in modules if str(getattr(module, "__file__", None)).startswith(TESTS)]
    constants: set[int] = set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, FunctionType) and one.__code__.co_filename.startswith(TESTS):
            waiting += [vars(one), one.__code__]
        elif type(one) in {dict, list, tuple, set, frozenset, CodeType, pytest.Mark}:
            constants.add(id(one))
            waiting += gc.get_referents(one)
    return constants


def census() -> tuple[list[str], Counter[str]]:
    """Return what is found of the person, and how many objects of each class of the program there are."""
    found: list[str] = []
    classes: Counter[str] = Counter()
    constants = constants_of_tests()
    for one in everything():
        kind = type(one)
        if str(kind.__module__).startswith("trdpgx."):
            classes[f"{kind.__module__}.{kind.__qualname__}"] += 1
        if is_pattern(one) and id(one) not in constants:
            found.append(f"pattern: {one}")
        text = text_of(one)
        found += [f"{kind.__name__}: {mark.sub('***', text)[:200]}" for mark in MARKS if text and mark.search(text)]
    return found, classes


def sizes_of_caches() -> dict[str, int]:
    """Return how much each cache of the program holds: all of it is made from the reference when a service starts."""
    wrappers = [one for one in everything() if isinstance(one, functools._lru_cache_wrapper)]
    return {f"{one.__module__}.{one.__qualname__}": one.cache_info().currsize for one in wrappers if one.__module__.startswith("trdpgx.")}


def test_nothing_of_a_person_can_be_reached_after_the_reports() -> None:
    options = Options(all_candidates=True, combinations=True)
    with Service() as service:
        for _ in range(2):
            reports = list(service.reports(service.read(BytesIO(person()), options), options))
            assert NAME.search(reports[0].input.sample)
            held, _ = census()
            assert held
            del reports
            found, classes = census()
            assert found == []
        before = classes
        list(service.reports(service.read(BytesIO(person()), options), options))
        assert census() == ([], before)


PATTERN = (("A", "G", 0), None, ("C", "C", 0))
"""As other modules of the same process may state one."""


def test_a_pattern_is_seen_unless_a_test_states_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_pattern(PATTERN)
    assert census()[0] == []
    kept = {"gene": PATTERN[:1] + PATTERN[1:]}
    monkeypatch.setattr(trdpgx.intake, "kept", kept, raising=False)
    assert census()[0] == [f"pattern: {PATTERN}"]
    del kept["gene"]
    monkeypatch.setattr(trdpgx.intake, "kept", PATTERN, raising=False)
    assert census()[0] == [f"pattern: {PATTERN}"]


@pytest.fixture
def apart() -> Iterator[Client]:
    with open_client() as opened:
        yield opened


def ask(client: Client, body: bytes, query: str = "", kind: bytes = b"application/octet-stream") -> tuple[int, str]:
    """Post to the application itself: clients keep addresses in caches of their own."""

    async def exchange() -> tuple[int, str]:
        stated: list[Any] = []
        waiting = [{"type": "http.request", "body": body, "more_body": False}]
        path = "/v1/reports"
        scope: dict[str, Any] = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http"}
        scope |= {"path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": ""}
        scope["headers"] = [(b"content-type", kind)]

        async def receive() -> Any:
            return waiting.pop() if waiting else await asyncio.get_running_loop().create_future()

        async def send(message: Any) -> None:
            stated.append(message)

        await client.app(scope, receive, send)
        return stated[0]["status"], b"".join(message["body"] for message in stated[1:]).decode()

    return client.portal.call(exchange)


def form(**parts: bytes) -> bytes:
    """Return a form with these parts between lines of ``--x``."""
    pieces = [b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), part) for name, part in parts.items()]
    return b"".join([*pieces, b"--x--\r\n"])


def test_nothing_of_a_person_can_be_reached_after_an_answer(apart: Client) -> None:
    def go_through_all() -> None:
        boundary = b"multipart/form-data; boundary=x"
        status, text = ask(apart, form(vcf=person(), outside_calls=outside()), "combinations=true", boundary)
        assert status == 200
        assert NAME.search(text)
        name = outside().decode().split("\t")[-1].strip()
        context = f'{{"{name}": "{name}"}}'.encode()
        assert ask(apart, form(vcf=person(), context=context), "", boundary)[0] == 422
        assert ask(apart, person(), f"sample={name}")[0] == 200
        for query in (f"sample={name}X", f"{name}=1", f"absent={name}"):
            assert ask(apart, person(), query)[0] == 422
        for spoiled in (person()[:-30] + b"\xff", person().replace(b"\t0/1", b"\t0/9"), person()[:50]):
            assert ask(apart, spoiled)[0] in {400, 422}

    made = sizes_of_caches()
    go_through_all()
    assert sizes_of_caches() == made
    found, before = census()
    assert not found, "\n".join(found)
    go_through_all()
    assert census() == ([], before)


class Wire:
    """A connection that nobody is at the other end of."""

    def __init__(self) -> None:
        self.stated = b""

    def write(self, data: bytes) -> None:
        self.stated += data

    def close(self) -> None:
        """Do nothing."""

    def is_closing(self) -> bool:
        return False

    def get_extra_info(self, *_: object) -> None:
        """Know nothing."""

    def pause_reading(self) -> None:
        """Do nothing."""

    def resume_reading(self) -> None:
        """Do nothing."""


def test_an_open_connection_keeps_nothing_of_the_request_before(apart: Client) -> None:
    async def exchange() -> list[str]:
        config = Config(apart.app, http=Protocol, lifespan="off", log_config=None)
        config.load()
        served = type("Served", (Protocol,), {"bounds": Connections(AccessSettings())})
        connection, wire = served(config=config, server_state=ServerState(), app_state={}), Wire()
        connection.connection_made(wire)  # type: ignore[arg-type]
        name, body = outside().decode().split("\t")[-1].strip(), person()
        sent = f"POST /v1/reports?sample={name} HTTP/1.1\r\nHost: x\r\nX-Name: {name}\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.data_received(sent.encode() + body)
        del name, body, sent
        while connection.tasks:
            await asyncio.sleep(0.01)
        assert b" 200 OK" in wire.stated
        assert NAME.search(wire.stated.decode())
        wire.stated = b""
        found, _ = census()
        connection.connection_lost(None)
        return found

    assert apart.portal.call(exchange) == []


def test_the_scanner_in_c_has_no_memory_of_its_own() -> None:
    """A file-level ``static`` is a function or a constant; the tables that it fills belong to the caller."""
    source = Path(trdpgx.intake.__file__).parent.joinpath("scan", "scan.c").read_text("utf-8")
    stated = [line for line in source.splitlines() if re.match(r"(?:static|[a-z_0-9]+ \*?[a-z_]+(?: =|;|\[))", line)]
    assert stated
    assert [line for line in stated if "const " not in line and "(" not in line] == []


def test_json_from_a_person_leaves_no_strings_in_the_validators_cache() -> None:
    """pydantic keeps short strings of the JSON that it has read in a table that is no Python object."""
    assert Model.model_config["cache_strings"] == "none"
    assert ClinicalContext.model_config["cache_strings"] == "none"
