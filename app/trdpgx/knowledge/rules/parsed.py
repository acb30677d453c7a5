"""The bundled rules as they were parsed when the package was built: JSON beside this module, read instead of YAML while it fits.

It fits where the digest over the folder of rules, as it is now, is the one that the file was made from; the file is passed over
otherwise. It holds what ``read_document`` returned, so that everything after the parser is checked as ever. A wheel has it, and so has a
checkout after ``make setup`` or ``trdpgx rules release``. It is data: nothing in it is run.
"""

import json
import os
from pathlib import Path

from trdpgx.knowledge.folder import fault_of, rule_files
from trdpgx.knowledge.location import rules_directory
from trdpgx.knowledge.manifest import RELEASE_FILE, digest_over, file_digests
from trdpgx.knowledge.yaml_document import Document, read_document

PARSED = Path(__file__).with_name("parsed.json")
_VERSION = 1
"""Of the file's layout, and of what ``read_document`` makes of a file: raise it with either."""


def parsed_documents(directory: Path, digest: str, path: Path = PARSED) -> dict[str, Document] | None:
    """Return the documents of the bundled rules by path within the folder; ``None`` where they have to be read from the YAML.

    ``digest`` is the one over all files of ``directory`` as they are now.
    """
    if not path.is_file() or directory.resolve() != rules_directory().resolve():
        return None
    try:
        content = json.loads(path.read_bytes())
        if content["version"] != _VERSION or content["digest"] != digest:
            return None
        return {name: Document(name, value, lines, ()) for name, (value, lines) in content["documents"].items()}
    except (OSError, KeyError, TypeError, ValueError):
        return None


def write_parsed(directory: Path, path: Path = PARSED) -> bool:
    """Write the documents of a folder of rules. Returns whether there is a file now: one with a finding is not written."""
    digest = digest_over(file_digests(directory))
    files = {name: file for name, file in rule_files(directory).items() if name != RELEASE_FILE}
    if any(fault_of(file) for file in files.values()):
        return False
    documents = {name: read_document(file, name) for name, file in files.items()}
    if any(document.findings for document in documents.values()):
        return False
    written = {name: (document.value, document.lines) for name, document in documents.items()}
    write_whole(path, json.dumps({"version": _VERSION, "digest": digest, "documents": written}, ensure_ascii=False))
    return True


def write_whole(path: Path, text: str) -> None:
    """Write a file so that nobody ever reads half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        draft.write_text(text, "utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
