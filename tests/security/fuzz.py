"""``python -m tests.security.fuzz TARGET ... --seconds N``: fuzz targets of ``fuzz_targets``, guided by the coverage of the program.

Each target runs in a process of its own (libFuzzer ends it). The first input that fails is printed in Base64 with a
traceback; put it into tests/cases/fuzz and mend the fault. The exit code is 0 if nothing was found. Needs atheris (Linux, x86-64).
"""

import argparse
import base64
import os
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["trdpgx", "python_multipart"]):
    from tests.security.fuzz_targets import ALL

from tests.security.seeds import WORDS, seeds
from trdpgx.service.logs import silence_request_loggers

LONGEST = 4_096
"""Bytes of an input."""


def main() -> int:
    """Run the targets one after the other; return how many of them failed."""
    arguments = argparse.ArgumentParser(description="Coverage-guided fuzzing of intake.")
    arguments.add_argument("targets", nargs="+", choices=ALL, metavar="TARGET", help=", ".join(ALL))
    arguments.add_argument("--seconds", type=int, default=0, help="how long for each target")
    arguments.add_argument("--runs", type=int, default=-1, help="or how many inputs, which is repeatable")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--keep", type=Path, help="a folder for inputs that reached new code, from which the next run starts")
    given = arguments.parse_args()
    failed = 0
    for target in given.targets:
        sys.stdout.write(f"TARGET {target}\n")
        sys.stdout.flush()
        with tempfile.TemporaryDirectory() as folder:
            child = os.fork()
            if child == 0:
                fuzz(target, Path(folder), given)
            _, status = os.waitpid(child, 0)
            for unit in Path(folder).glob("*-*") if status else ():
                sys.stdout.write(f"FOUND {unit.name} {base64.b64encode(unit.read_bytes()).decode()}\n")
                sys.stdout.flush()
        failed += status != 0
    return failed


def fuzz(target: str, folder: Path, given: argparse.Namespace) -> None:
    """Fuzz one target with its seeds and the dictionary in ``folder``; does not return.

    There is no limit on memory as a whole: atheris itself keeps about a kilobyte of each run of the scanner.
    """
    corpus = (given.keep or folder) / target
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(target)):
        (corpus / f"seed{number}").write_bytes(seed)
    words = folder / "words"
    words.write_text("".join('"' + "".join(f"\\x{byte:02x}" for byte in word) + '"\n' for word in WORDS))
    silence_request_loggers()
    bounds = [f"-runs={given.runs}", f"-max_total_time={given.seconds}", f"-seed={given.seed}", f"-max_len={LONGEST}", "-len_control=0"]
    faults = ["-timeout=20", "-rss_limit_mb=0", "-malloc_limit_mb=1024", f"-artifact_prefix={folder}/"]
    atheris.Setup(["fuzz", *bounds, *faults, f"-dict={words}", "-print_final_stats=1", str(corpus)], ALL[target])
    atheris.Fuzz()


if __name__ == "__main__":
    raise SystemExit(main())
