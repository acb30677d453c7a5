"""The guide from its npm package: profiles with snapshots, value sets and examples. It is fetched once, and never committed."""

import json
import os
import re
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

Json = dict[str, Any]

PACKAGE = "hl7.fhir.uv.genomics-reporting"
VERSION = "3.0.0"
SHA256 = "42b893bb3bb2a429db194e5ee9d1e1c11d02f0700a01906a2a0500a25bd8af21"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "trdpgx-fhir"


class GuideMissingError(Exception):
    """The package is not in the cache, and npm could not fetch it."""


def fetch(cache: Path = CACHE) -> Path:
    """Return the package as a file of the cache, fetched by npm if it is not there. Raises ``GuideMissingError``."""
    file = cache / f"{PACKAGE}-{VERSION}.tgz"
    if not file.exists():
        cache.mkdir(parents=True, exist_ok=True)
        command = ["npm", "pack", "--silent", "--pack-destination", str(cache), f"{PACKAGE}@{VERSION}"]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=120)
        except (OSError, subprocess.SubprocessError) as error:
            raise GuideMissingError(f"npm cannot fetch {PACKAGE}@{VERSION}: {type(error).__name__}") from error
    if sha256(file.read_bytes()).hexdigest() != SHA256:
        raise GuideMissingError(f"{file} is not the {PACKAGE}@{VERSION} that the tests were calibrated on: delete it, and try again")
    return file


@dataclass(frozen=True)
class Profile:
    """A StructureDefinition: its address, the type that it constrains, the profile that it builds on, and its elements by id, in order."""

    url: str
    type: str
    base: str
    elements: Mapping[str, Json]

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of the elements right below each element, slices left out."""
        grouped: dict[str, list[str]] = {}
        for name in self.elements:
            above, _, last = name.rpartition(".")
            if above and ":" not in last:
                grouped.setdefault(above, []).append(name)
        return {above: tuple(names) for above, names in grouped.items()}

    @cached_property
    def slices(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of the slices of each element."""
        grouped: dict[str, list[str]] = {}
        for name in self.elements:
            above, colon, last = name.rpartition(":")
            if colon and "." not in last:
                grouped.setdefault(above, []).append(name)
        return {above: tuple(names) for above, names in grouped.items()}


@dataclass(frozen=True)
class Guide:
    """The guide: profiles by address, value sets by address, and examples by ``Type/id``."""

    profiles: Mapping[str, Profile]
    value_sets: Mapping[str, Json]
    examples: Mapping[str, Json]

    @classmethod
    def load(cls, file: Path) -> "Guide":
        """Read the package."""
        profiles, value_sets, examples = {}, {}, {}
        for name, content in _members(file):
            if re.fullmatch(r"package/StructureDefinition-[^/]+\.json", name):
                profiles[content["url"]] = _profile(content)
            elif re.fullmatch(r"package/ValueSet-[^/]+\.json", name):
                value_sets[content["url"]] = content
            elif re.fullmatch(r"package/example/[^/]+\.json", name):
                examples[f"{content['resourceType']}/{content['id']}"] = content
        return cls(profiles, value_sets, examples)

    def lineage(self, url: str) -> Iterator[str]:
        """Yield a profile and those that it builds on."""
        while url in self.profiles:
            yield url
            url = self.profiles[url].base
        yield url


def _members(file: Path) -> Iterator[tuple[str, Any]]:
    with tarfile.open(file) as archive:
        for member in archive:
            content = archive.extractfile(member) if member.name.endswith(".json") else None
            if content is not None and not member.name.rpartition("/")[2].startswith("."):
                yield member.name, json.load(content)


def _profile(content: Json) -> Profile:
    elements = {element["id"]: element for element in content["snapshot"]["element"]}
    return Profile(content["url"], content["type"], content["baseDefinition"], elements)
