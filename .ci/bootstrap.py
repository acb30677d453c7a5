"""Puts uv into a folder of this checkout, with nothing but Python's standard library and the package index.

With pip at hand it is pip's work. A bare Debian `python3` has neither pip nor ensurepip: then the wheel is fetched from the index and
checked against the digest that the index gives.
"""

import hashlib
import importlib.util
import io
import json
import os
import platform
import subprocess
import sys
import urllib.parse
import urllib.request
import venv
import zipfile
from pathlib import Path

UV = (0, 13)
OLDEST, NEWEST = (3, 11), (3, 13)
INDEX = "https://pypi.org/simple"


def main(folder: Path) -> None:
    """Leave an executable ``bin/uv`` in the folder."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        found = ".".join(map(str, sys.version_info[:2]))
        sys.exit(f"trdpgx needs Python 3.11 to 3.13, and this is {found}; name another: make PYTHON=/path/to/python3.12 ...")
    try:
        if importlib.util.find_spec("ensurepip"):
            by_pip(folder)
        else:
            by_hand(folder)
    except (OSError, subprocess.CalledProcessError, LookupError, ValueError) as error:
        sys.exit(f"uv could not be installed ({error}).\nInstall it yourself (https://docs.astral.sh/uv/), then: make UV=/path/to/uv ...")


def by_pip(folder: Path) -> None:
    """Make a virtual environment and let its pip install uv."""
    venv.create(folder, with_pip=True, clear=True)
    wanted = f"uv>={UV[0]}.{UV[1]},<{UV[0] + 1}"
    subprocess.run([folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check", wanted], check=True)


def by_hand(folder: Path) -> None:
    """Fetch the newest fitting wheel of uv from the index, check its digest, and unpack the one program in it."""
    index = os.environ.get("PIP_INDEX_URL", INDEX).rstrip("/")
    answer = fetch(f"{index}/uv/", "application/vnd.pypi.simple.v1+json")
    fitting = [file for file in json.loads(answer)["files"] if fits(file["filename"]) and not file["yanked"]]
    if not fitting:
        raise LookupError("the index has no uv for this machine")
    file = max(fitting, key=lambda known: version_of(known["filename"]))
    wheel = fetch(urllib.parse.urljoin(f"{index}/uv/", file["url"]))
    if hashlib.sha256(wheel).hexdigest() != file["hashes"]["sha256"]:
        raise ValueError("the wheel of uv is not the one that the index names")
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".data/scripts/uv"))
        target = folder / "bin/uv"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(archive.read(name))
        target.chmod(0o755)


def fits(filename: str) -> bool:
    """Return whether a wheel is for this machine and of a version that we use."""
    if not filename.endswith(".whl") or not UV <= version_of(filename)[:2] < (UV[0] + 1, 0):
        return False
    system = "macosx" if sys.platform == "darwin" else "manylinux_2_17" if platform.libc_ver()[0] == "glibc" else "musllinux"
    return system in filename and f"_{platform.machine()}." in filename


def version_of(filename: str) -> tuple[int, ...]:
    """Return the version in a file's name; an unreleased one counts as none."""
    parts = filename.split("-")[1].split(".")
    return tuple(map(int, parts)) if all(part.isdigit() for part in parts) else ()


def fetch(url: str, accept: str = "*/*") -> bytes:
    """Return what stands at an address."""
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept": accept}), timeout=60) as answer:
        content: bytes = answer.read()
        return content


if __name__ == "__main__":
    main(Path(sys.argv[1]))
