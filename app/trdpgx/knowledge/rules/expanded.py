"""The bundled rules as they were expanded when the package was built: a JSON file beside this module, used while its digest is current.

It is current if the files of ``rules/``, the reference and the code that expands the rules are the same, byte for byte, and ignored
otherwise. Each rule is validated by its model again when it is read. A wheel has the file, and so has a checkout after ``make setup`` or
``trdpgx rules release``. It is data: nothing in it is run.
"""

import hashlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from trdpgx.knowledge.location import rules_directory
from trdpgx.knowledge.manifest import digest_over, file_digests
from trdpgx.knowledge.rules.parsed import write_whole
from trdpgx.model.activity import ActivityRange
from trdpgx.model.authority import Authority
from trdpgx.model.base import Model
from trdpgx.model.caveat import Caveat
from trdpgx.model.clinical_facts import ClinicalFacts
from trdpgx.model.evidence import Citation
from trdpgx.model.gene import Phenotype
from trdpgx.model.library import ReferenceLibrary, RuleLayer, RuleLibrary
from trdpgx.model.patient_names import NameIndex, PatientNames
from trdpgx.model.rare import GeneSet, QualifyingRule
from trdpgx.model.rule import Drug, Entry, Rule, VocabularyEntry

EXPANDED = Path(__file__).with_name("expanded.json")
_CODE = (Path(__file__).parent, Path(__file__).parents[2] / "model")
"""Folders of the code that decides what the expanded rules are."""


class _StoredLayer(Model):
    name: str
    release: str
    digest: str
    added: int
    replaced: int


class _StoredNames(Model):
    drugs: dict[str, str]
    ignored: frozenset[str]
    classes: dict[str, str]
    components: dict[str, tuple[str, ...]]
    conditions: dict[str, str]


class _Expanded(Model):
    """What the file holds: the fields of ``RuleLibrary``, and the files of clinical facts as they were parsed, by their path."""

    release: str
    digest: str
    rules: tuple[Rule, ...]
    drugs: dict[str, Drug]
    citations: dict[str, Citation]
    implications: dict[str, VocabularyEntry]
    actions: dict[str, VocabularyEntry]
    entries: tuple[Entry, ...]
    layers: tuple[_StoredLayer, ...]
    grades: dict[str, dict[str, Authority]]
    criteria: dict[str, QualifyingRule]
    gene_sets: dict[str, GeneSet]
    outside_alleles: dict[str, tuple[tuple[str, str], ...]]
    caveats: dict[str, Caveat]
    activity: dict[str, dict[Phenotype, ActivityRange]]
    names: _StoredNames
    clinical: dict[str, Any]
    positions: dict[str, tuple[str, int]]


class ClinicalFiles(Mapping[type[Model], Model]):
    """Files of clinical facts by their shape; they are held to it when the first is asked for, which only a clinical context does."""

    def __init__(self, parsed: Mapping[str, Any]) -> None:
        """Hold the content of each file by its path within the folder of rules."""
        self._parsed = parsed

    @cached_property
    def _files(self) -> Mapping[type[Model], Model]:
        from trdpgx.knowledge.rules.schema.clinical_kinds import CLINICAL_KINDS  # noqa: PLC0415 (its classes take a tenth of a start)

        return {shape: shape.model_validate(self._parsed[path]) for path, shape in CLINICAL_KINDS.items() if path in self._parsed}

    def __getitem__(self, shape: type[Model]) -> Model:
        return self._files[shape]

    def __iter__(self) -> Iterator[type[Model]]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def read_expanded(reference: ReferenceLibrary, policy: str, path: Path = EXPANDED) -> RuleLibrary | None:
    """Return the bundled rules, ``None`` where they have to be read from the YAML."""
    try:
        key, _, content = path.read_bytes().partition(b"\n")
        if key.decode() != _key(rules_directory(), reference):
            return None
        read = _Expanded.model_validate_json(content)
    except (OSError, ValueError):
        return None
    names = read.names
    shared = {name: getattr(read, name) for name in _Expanded.model_fields.keys() - {"layers", "names", "clinical", "positions"}}
    return RuleLibrary(
        **shared,
        layers=tuple(RuleLayer(**dict(layer)) for layer in read.layers),
        policy=policy,
        clinical=ClinicalFacts(ClinicalFiles(read.clinical), read.positions),
        patient_names=PatientNames(
            drugs=NameIndex(names.drugs, names.ignored),
            classes=names.classes,
            components=names.components,
            conditions=NameIndex(names.conditions),
        ),
    )


def write_expanded(directory: Path, path: Path = EXPANDED) -> bool:
    """Write the expanded rules of the bundled folder. Returns whether there is a file now: rules with a finding are not written."""
    from trdpgx.knowledge.finding import RulesError  # noqa: PLC0415 (a build alone needs these)
    from trdpgx.knowledge.reference.library import load_reference  # noqa: PLC0415
    from trdpgx.knowledge.rules.library import build_library  # noqa: PLC0415
    from trdpgx.knowledge.rules.schema.clinical_kinds import CLINICAL_KINDS  # noqa: PLC0415
    from trdpgx.knowledge.rules.sources import read_layers  # noqa: PLC0415

    reference = load_reference()
    try:
        layers = read_layers(directory, ())
    except RulesError:
        return False
    library, findings = build_library(layers, reference)
    if findings:
        return False
    names = library.patient_names
    shared = _Expanded.model_fields.keys() - {"layers", "names", "clinical", "positions"}
    content = _Expanded(
        **{name: getattr(library, name) for name in shared},
        layers=tuple(_StoredLayer(**{name: getattr(layer, name) for name in _StoredLayer.model_fields}) for layer in library.layers),
        names=_StoredNames(
            drugs=dict(names.drugs.by_key),
            ignored=names.drugs.ignored,
            classes=dict(names.classes),
            components=dict(names.components),
            conditions=dict(names.conditions.by_key),
        ),
        clinical={name: document.value for name, document in layers[0].documents.items() if name in CLINICAL_KINDS},
        positions=dict(library.clinical.positions),
    )
    write_whole(path, f"{_key(directory, reference)}\n{content.model_dump_json()}")
    return True


def _key(directory: Path, reference: ReferenceLibrary) -> str:
    """Return the digest over everything that the expanded rules follow from."""
    code = sorted(path for folder in _CODE for path in folder.rglob("*.py"))
    digest = hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in code))
    return digest_over({**file_digests(directory), "reference": reference.digest, "code": digest.hexdigest()})
