"""The bundled rules as they were parsed when the package was built: JSON beside this module, read instead of YAML while it fits.

It fits where the digest over the folder of rules, as it is now, is the one that the file was made from
(``trdpgx.knowledge.built_file``). It holds what ``read_document`` returned, so that everything after the parser is checked as ever.
"""

import json
from pathlib import Path

from trdpgx.knowledge.built_file import read_built, write_built
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
    content = read_built(path, _key(digest)) if directory.resolve() == rules_directory().resolve() else None
    if content is None:
        return None
    try:
        return {name: Document(name, value, lines, ()) for name, (value, lines) in json.loads(content).items()}
    except (AttributeError, TypeError, ValueError):
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
    write_built(path, _key(digest), json.dumps(written, ensure_ascii=False).encode())
    return True


def _key(digest: str) -> str:
    return f"{_VERSION} {digest}"
