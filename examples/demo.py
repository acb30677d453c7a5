"""``make demo``: start the service, post the example genome, print the main parts of its report, stop the service.

It needs only the installed project; it uses curl if that is installed.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import fill
from typing import Any, NoReturn
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

GENOME = Path(__file__).with_name("synthetic.vcf")
COMMAND = Path(sys.executable).with_name("trdpgx")
START_SECONDS = 60
STOP_SECONDS = 15
WIDTH = 100

_direct = build_opener(ProxyHandler({}))


def main() -> None:
    """Run the demonstration; the exit code is 0 only if a report came back."""
    signal.signal(signal.SIGTERM, _stopped)
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    print(f"Starting the service, which takes a few seconds:\n$ trdpgx serve --port {port}", flush=True)
    began = time.monotonic()
    with _service(port, base):
        print(f"ready after {time.monotonic() - began:.0f} s. Posting the example genome:", flush=True)
        report = _post(base)
        _print_report(report)
    print(f"\nThe service is stopped. To start it yourself:\n  {COMMAND} serve")
    print("  then open http://127.0.0.1:8000/ to upload a genome; /docs there has the API")
    print(f"On the command line:\n  {COMMAND} annotate --format text {GENOME}")


@contextmanager
def _service(port: int, base: str) -> Iterator[None]:
    """Run the service until the end of the block, also if an exception ends it."""
    with subprocess.Popen([COMMAND, "serve", "--host", "127.0.0.1", "--port", str(port)], stderr=subprocess.PIPE, text=True) as process:
        try:
            _wait(process, base)
            yield
        finally:
            process.terminate()
            try:
                process.communicate(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(process: "subprocess.Popen[str]", base: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with _direct.open(f"{base}/readyz", timeout=5):
                return
        except URLError:
            time.sleep(0.1)
    process.terminate()
    _fail(f"the service did not become ready:\n{process.communicate()[1]}")


def _post(base: str) -> dict[str, Any]:
    """Post the genome, with curl if it is installed, and return the report."""
    url = f"{base}/v1/reports"
    curl = shutil.which("curl")
    if curl is None:
        print(f"$ POST {url}  (Python's urllib: there is no curl here)")
        with _direct.open(Request(url, data=GENOME.read_bytes()), timeout=60) as answer:  # noqa: S310
            body = answer.read()
    else:
        shown = os.path.relpath(GENOME)
        print(f"$ curl --data-binary @{shown} {url}")
        quietly = ["--silent", "--show-error", "--fail-with-body", "--noproxy", "*", "--max-time", "60"]
        arguments = [curl, *quietly, "--data-binary", f"@{GENOME}", url]
        answer = subprocess.run(arguments, stdout=subprocess.PIPE, check=False)
        body = answer.stdout
        if answer.returncode != 0:
            _fail(f"curl failed: {body.decode('utf-8', 'replace')}")
    return json.loads(body)  # type: ignore[no-any-return]


def _print_report(report: dict[str, Any]) -> None:
    source, knowledge = report["input"], report["knowledge"]
    evidence = source["assembly_evidence"][0]["text"]
    print(f"\nReport of {source['sample']}: {source['records']} records, {source['assembly']} (determined from: {evidence})")
    print(f"Rules {knowledge['rules_release']}, reference {knowledge['reference_release']}\n\nGenes")
    for gene in report["genes"]:
        names = " or ".join(diplotype["name"] for diplotype in gene["diplotypes"]) or "not called"
        meaning = gene["phenotype"]["term"] if gene["phenotype"] else gene["no_call_reason"] or "no single phenotype"
        print(f"  {gene['gene']:8} {names:9} {meaning}")
    print("\nGenotypes of single variants (plus strand)")
    for variant in report["variants"]:
        if variant["genotype"]:
            print(f"  {variant['gene']:8} {variant['id']:10} {variant['genotype']}")
    print("\nDrugs with a consideration for this genome")
    for drug in report["drugs"]:
        print(fill(f"{drug['name']}: {drug['headline']}", WIDTH, initial_indent="  ", subsequent_indent="      "))
    print("\nLimitations")
    for note in report["limitations"]:
        print(fill(note["text"], WIDTH, initial_indent="  - ", subsequent_indent="    "))
    print("\n" + fill(report["disclaimer"], WIDTH))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _stopped(*_: object) -> NoReturn:
    sys.exit("demo: stopped")


def _fail(reason: str) -> NoReturn:
    sys.exit(f"demo: {reason}")


if __name__ == "__main__":
    main()
