"""The bundled reference as it was read and checked when the package was built, beside this module: decoded instead of the tables.

It fits where the files of ``reference/`` and the code that reads and checks them are, byte for byte, what it was made from
(``trdpgx.knowledge.built_file``). What is decoded is held to the types of ``ReferenceLibrary``.
"""

from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from trdpgx.knowledge.built_file import code_digest, read_built, write_built
from trdpgx.knowledge.location import reference_directory
from trdpgx.knowledge.manifest import Release, digest_over, identify
from trdpgx.model.activity import ActivityRange
from trdpgx.model.library import ReferenceLibrary

PARSED_REFERENCE = Path(__file__).with_name("parsed.msgpack")
_CODE = (Path(__file__).parent, Path(__file__).parents[2] / "model")
"""Folders of the code that decides what is read from the tables."""


def parsed_reference(path: Path = PARSED_REFERENCE) -> ReferenceLibrary | None:
    """Return the bundled reference, ``None`` where it has to be read from its tables. Raises ``ReleaseError`` where it names no release."""
    release = identify(reference_directory())
    content = read_built(path, _key(release))
    try:
        library = None if content is None else msgspec.msgpack.decode(content, type=ReferenceLibrary, dec_hook=_decoded)
    except (msgspec.MsgspecError, ValueError):
        return None
    return None if library is None else replace(library, release=release.release)


def write_parsed_reference(library: ReferenceLibrary, path: Path = PARSED_REFERENCE) -> None:
    """Write the bundled reference as it was read."""
    write_built(path, _key(Release(library.release, library.digest)), msgspec.msgpack.encode(library, enc_hook=dict))


def _decoded(kind: type, value: Any) -> Any:
    if kind is ActivityRange:
        return ActivityRange.model_validate(value)
    raise NotImplementedError


def _key(release: Release) -> str:
    """Return the digest over all that the library follows from."""
    code = {f"code/{folder.name}": code_digest(folder) for folder in _CODE}
    return digest_over({"reference": release.digest, **code})
