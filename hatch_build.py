"""Compiles ``scan.c``, and reads the rules and the reference, when the project is built, also by ``uv sync``.

The compiler is the system's, or else Zig from PyPI. Where neither works, the project is built without, and Python does the same, more
slowly (docs/decisions/0023-compiled-scan.md). The same holds for rules and a reference that could not be read (0079-start-up.md there).
"""

import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

KNOWLEDGE = Path("app/trdpgx/knowledge")
PREPARED = {
    "rules/parsed.json": "from trdpgx.knowledge.rules.parsed import write_parsed; write_parsed(pathlib.Path('rules'))",
    "rules/expanded.json": "from trdpgx.knowledge.rules.expanded import write_expanded; write_expanded(pathlib.Path('rules'))",
    "reference/parsed.msgpack": "from trdpgx.knowledge.reference.library import load_reference; "
    "from trdpgx.knowledge.reference.parsed import write_parsed_reference; write_parsed_reference(load_reference())",
}
"""What is read instead of the rules and the reference while it fits, and what writes it."""
SOURCE, LIBRARY = Path("app/trdpgx/intake/scan/scan.c"), Path("app/trdpgx/intake/scan/libscan.so")
FLAGS = ("-O3", "-std=c11", "-shared", "-fPIC")


class CompileScan(BuildHookInterface):
    """The hook that hatchling calls."""

    def dependencies(self) -> list[str]:
        """Return what must be installed for the build: a compiler, where the system has none."""
        return [] if _system_compiler() else ["ziglang>=0.13"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compile, and put the library into the wheel; a wheel with it is for this platform only."""
        root = Path(self.root)
        self._prepare_knowledge(root, build_data)
        draft = root / LIBRARY.with_suffix(f".{os.getpid()}.part")
        try:
            command = [*_compiler(), *FLAGS, "-o", str(draft), str(root / SOURCE)]
            subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
            draft.replace(root / LIBRARY)
        except (OSError, subprocess.CalledProcessError) as error:
            self.app.display_warning(
                f"{SOURCE} was not compiled; Python will do its work, thirty times slower. {getattr(error, 'stderr', '') or error}"
            )
            return
        finally:
            draft.unlink(missing_ok=True)
        build_data["artifacts"].append(str(LIBRARY))
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"

    def _prepare_knowledge(self, root: Path, build_data: dict[str, Any]) -> None:
        """Put the rules and the reference, as they are read, into the wheel; a start does the work itself where they differ."""
        # Sets are written in the order of their hashes: with a seed of its own each build would be another wheel.
        environment = {**os.environ, "PYTHONPATH": str(root / "app"), "PYTHONHASHSEED": "0"}
        for name, script in PREPARED.items():
            command = [sys.executable, "-c", f"import pathlib; {script}"]
            try:
                subprocess.run(command, check=True, capture_output=True, text=True, env=environment, cwd=root)  # noqa: S603
            except (OSError, subprocess.CalledProcessError) as error:
                self.app.display_warning(f"{name} was not made; each start will do without. {getattr(error, 'stderr', '') or error}")
            else:
                build_data["artifacts"].append(str(KNOWLEDGE / name))


def _system_compiler() -> list[str]:
    """Return the command of the system's compiler, or nothing."""
    named = shlex.split(os.environ.get("CC", "")) or [next((name for name in ("cc", "gcc", "clang") if shutil.which(name)), "")]
    return named if shutil.which(named[0]) else []


def _compiler() -> list[str]:
    found = _system_compiler()
    if found:
        return found
    if importlib.util.find_spec("ziglang") is None:
        raise OSError("no C compiler")
    return [sys.executable, "-m", "ziglang", "cc"]
