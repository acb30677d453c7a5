"""Check the OpenAPI description with tools of others: linters, generators of clients, and requests generated from it.

Run with ``make clients``. Tools are fetched in the versions below, each into its own environment; a tool that cannot run here is skipped
with a line that states why.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.http.servers import Server, running

ROOT = Path(__file__).parents[1]
UV = next((str(path) for path in (ROOT / ".tools/bin/uv",) if path.exists()), "uv")
EXAMPLE = ROOT / "examples" / "synthetic.vcf"
SECONDS = 60
_CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
_GENERATED = """
import httpx, json, sys
from pathlib import Path
from trdpgx_client import Client
from trdpgx_client.api.reports import make_reports
from trdpgx_client.api.knowledge import get_gene
from trdpgx_client.models import GeneAnswer, Problem, Report
from trdpgx_client.types import File
from io import BytesIO

client = Client(base_url=sys.argv[1], timeout=60)
send = lambda content: make_reports.sync(client=client, body=File(payload=BytesIO(content)))
report, problem, gene = send(Path(sys.argv[2]).read_bytes()), send(b"Dear colleague,\\n"), get_gene.sync("CYP2C19", client=client)
assert isinstance(report, Report) and report.genes, type(report)
assert isinstance(problem, Problem) and problem.status == 415, type(problem)
assert isinstance(gene, GeneAnswer) and gene.alleles, type(gene)
"""
Check = Callable[[Server, Path], None]


class MissingToolError(Exception):
    """A tool that this machine does not have."""


def spectral(_: Server, folder: Path) -> None:
    """Lint the description: no error and no warning."""
    (folder / ".spectral.yaml").write_text('extends: ["spectral:oas"]\n')
    _npx(folder, "@stoplight/spectral-cli@6.16.3", "spectral", "lint", "openapi.json", "--fail-severity=warn")


def typescript(_: Server, folder: Path) -> None:
    """Generate types, and compile them."""
    _npx(folder, "openapi-typescript@7.13.0", "openapi-typescript", "openapi.json", "-o", "types.ts")
    _npx(folder, "typescript@5.9.3", "tsc", "--noEmit", "types.ts")


def openapi_python_client(server: Server, folder: Path) -> None:
    """Generate a client and use it: a report, a problem and a gene have to be parsed as the models of the description."""
    generate = ("openapi-python-client", "generate", "--path", "openapi.json", "--output-path", "client")
    _run(folder, UV, "tool", "run", "--from", "openapi-python-client==0.29.1", "--with", "ruff", *generate)
    (folder / "use.py").write_text(_GENERATED)
    _run(folder, UV, "run", "--no-project", "--with", "./client", "python", "use.py", server.base, str(EXAMPLE))


def openapi_generator(_: Server, folder: Path) -> None:
    """Generate a Python client with OpenAPI Generator."""
    if shutil.which("java") is None:
        raise MissingToolError("there is no java")
    generate = ("openapi-generator-cli", "generate", "-i", "openapi.json", "-g", "python", "-o", "generator")
    _run(folder, UV, "tool", "run", "--from", "openapi-generator-cli==7.26.0", *generate)
    _run(folder, sys.executable, "-m", "compileall", "-q", "generator")


def schemathesis(server: Server, folder: Path) -> None:
    """Send requests that the description allows and others; every answer has to be one of those described."""
    run = ("st", "run", f"{server.base}/openapi.json", "--checks", _CHECKS, "--max-time", str(SECONDS), "--seed", "20261126")
    _run(folder, UV, "tool", "run", "--from", "schemathesis==4.32.5", *run)


CHECKS: Sequence[Check] = (spectral, typescript, openapi_python_client, openapi_generator, schemathesis)


def main() -> int:
    """Run every check, or those that are named. Return how many failed."""
    wanted = sys.argv[1:]
    failed = 0
    with TemporaryDirectory() as name, running() as server:
        folder = Path(name)
        (folder / "openapi.json").write_bytes(server.get("/openapi.json").content)
        for check in CHECKS:
            if not wanted or check.__name__ in wanted:
                failed += not _passes(check, server, folder)
    return failed


def _passes(check: Check, server: Server, folder: Path) -> bool:
    try:
        check(server, folder)
    except MissingToolError as missing:
        print(f"skipped {check.__name__}: {missing}", flush=True)
        return True
    except subprocess.CalledProcessError as error:
        print(f"FAILED {check.__name__}: {' '.join(map(str, error.cmd))}", *_last_lines(error.stdout), sep="\n", flush=True)
        return False
    print(f"passed {check.__name__}", flush=True)
    return True


def _npx(folder: Path, package: str, *command: str) -> None:
    if shutil.which("npx") is None:
        raise MissingToolError("there is no npx (Node.js)")
    _run(folder, "npx", "--yes", f"--package={package}", "--", *command)


def _run(folder: Path, *command: str) -> None:
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600)


def _last_lines(text: str) -> Iterator[str]:
    yield from text.splitlines()[-60:]


if __name__ == "__main__":
    sys.exit(main())
