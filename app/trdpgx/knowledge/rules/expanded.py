"""The bundled rules as they were expanded when the package was built: a JSON file beside this module, used while its digest is current.

It is current if the files of ``rules/``, the reference and the code that expands the rules are the same, byte for byte, and ignored
otherwise (``trdpgx.knowledge.built_file``). Each rule is validated by its model again when it is read. What many rules share, such as the
studies of a guideline, is in the file once, and the clinical facts, which only a context asks for, are on a line of their own.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

from msgspec import MsgspecError, convert, to_builtins

from trdpgx.knowledge.built_file import code_digest, read_built, write_built
from trdpgx.knowledge.location import rules_directory
from trdpgx.knowledge.manifest import digest_over, file_digests
from trdpgx.model.activity import ActivityRange
from trdpgx.model.authority import Authority
from trdpgx.model.base import Model
from trdpgx.model.caveat import Caveat
from trdpgx.model.clinical_facts import ClinicalFacts
from trdpgx.model.evidence import Citation, EvidenceItem, Verification
from trdpgx.model.gene import Phenotype
from trdpgx.model.library import ReferenceLibrary, RuleLayer, RuleLibrary
from trdpgx.model.patient_names import PatientNames
from trdpgx.model.rare import GeneSet, QualifyingRule
from trdpgx.model.rule import Drug, Entry, Rule, RuleStatement, Source, VocabularyEntry

EXPANDED = Path(__file__).with_name("expanded.json")
_CODE = (Path(__file__).parent, Path(__file__).parents[2] / "model")
"""Folders of the code that decides what the expanded rules are."""

_Item = TypeVar("_Item")


class _StoredRule(RuleStatement):
    """A rule with the numbers of what it shares with others."""

    source: int
    authority: int | None
    evidence: tuple[int, ...]
    verification: int


class _Expanded(Model):
    """What the file holds: the fields of ``RuleLibrary``, and what its rules share."""

    release: str
    digest: str
    rules: tuple[_StoredRule, ...]
    sources: tuple[Source, ...]
    authorities: tuple[Authority, ...]
    evidence: tuple[EvidenceItem, ...]
    verifications: tuple[Verification, ...]
    drugs: dict[str, Drug]
    citations: dict[str, Citation]
    implications: dict[str, VocabularyEntry]
    actions: dict[str, VocabularyEntry]
    entries: tuple[Entry, ...]
    grades: dict[str, dict[str, Authority]]
    criteria: dict[str, QualifyingRule]
    gene_sets: dict[str, GeneSet]
    outside_alleles: dict[str, tuple[tuple[str, str], ...]]
    caveats: dict[str, Caveat]
    activity: dict[str, dict[Phenotype, ActivityRange]]
    layers: Any
    patient_names: Any
    positions: dict[str, tuple[str, int]]


_OWN = ("rules", "sources", "authorities", "evidence", "verifications", "layers", "patient_names", "positions")
_UNCHANGED = tuple(name for name in _Expanded.model_fields if name not in _OWN)
"""Fields that the file has as ``RuleLibrary`` has them."""


class _Shared(Generic[_Item]):
    """Values that many rules share, each once and in the order in which they came."""

    def __init__(self) -> None:
        self._numbers: dict[_Item, int] = {}

    def number(self, item: _Item) -> int:
        """Return the number of a value, a new one where it has none yet."""
        return self._numbers.setdefault(item, len(self._numbers))

    @property
    def items(self) -> tuple[_Item, ...]:
        """The values by number."""
        return tuple(self._numbers)


class ClinicalFiles(Mapping[type[Model], Model]):
    """Files of clinical facts by their shape; they are read when the first is asked for, which only a clinical context does."""

    def __init__(self, content: bytes) -> None:
        """Hold the JSON of the content of each file by its path within the folder of rules."""
        self._content = content

    @cached_property
    def _files(self) -> Mapping[type[Model], Model]:
        from trdpgx.knowledge.rules.schema.clinical_kinds import CLINICAL_KINDS  # noqa: PLC0415 (its classes take a tenth of a start)

        parsed = json.loads(self._content)
        return {shape: shape.model_validate(parsed[path]) for path, shape in CLINICAL_KINDS.items() if path in parsed}

    def __getitem__(self, shape: type[Model]) -> Model:
        return self._files[shape]

    def __iter__(self) -> Iterator[type[Model]]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def read_expanded(reference: ReferenceLibrary, policy: str, path: Path = EXPANDED) -> RuleLibrary | None:
    """Return the bundled rules, ``None`` where they have to be read from the YAML."""
    content = read_built(path, _key(rules_directory(), reference))
    if content is None:
        return None
    expanded, _, clinical = content.partition(b"\n")
    try:
        read = _Expanded.model_validate_json(expanded)
        return RuleLibrary(
            **{name: getattr(read, name) for name in _UNCHANGED},
            rules=tuple(_whole(rule, read) for rule in read.rules),
            layers=convert(read.layers, tuple[RuleLayer, ...]),
            policy=policy,
            clinical=ClinicalFacts(ClinicalFiles(clinical), read.positions),
            patient_names=convert(read.patient_names, PatientNames),
        )
    except (MsgspecError, ValueError, LookupError):
        return None


def _whole(rule: _StoredRule, read: _Expanded) -> Rule:
    shared = {
        "source": read.sources[rule.source],
        "authority": None if rule.authority is None else read.authorities[rule.authority],
        "evidence": tuple([read.evidence[number] for number in rule.evidence]),
        "verification": read.verifications[rule.verification],
    }
    return Rule.unchecked({**rule.__dict__, **shared})


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
    clinical = {name: document.value for name, document in layers[0].documents.items() if name in CLINICAL_KINDS}
    lines = (_stored(library).model_dump_json(), json.dumps(clinical, ensure_ascii=False))
    write_built(path, _key(directory, reference), "\n".join(lines).encode())
    return True


def _stored(library: RuleLibrary) -> _Expanded:
    sources, authorities = _Shared[Source](), _Shared[Authority]()
    evidence, verifications = _Shared[EvidenceItem](), _Shared[Verification]()
    rules = tuple(
        _StoredRule.unchecked(
            {
                **rule.__dict__,
                "source": sources.number(rule.source),
                "authority": None if rule.authority is None else authorities.number(rule.authority),
                "evidence": tuple(map(evidence.number, rule.evidence)),
                "verification": verifications.number(rule.verification),
            }
        )
        for rule in library.rules
    )
    return _Expanded(
        **{name: getattr(library, name) for name in _UNCHANGED},
        rules=rules,
        sources=sources.items,
        authorities=authorities.items,
        evidence=evidence.items,
        verifications=verifications.items,
        layers=to_builtins(library.layers),
        patient_names=to_builtins(library.patient_names),
        positions=dict(library.clinical.positions),
    )


def _key(directory: Path, reference: ReferenceLibrary) -> str:
    """Return the digest over everything that the expanded rules follow from."""
    code = {f"code/{folder.name}": code_digest(folder) for folder in _CODE}
    return digest_over({**file_digests(directory), "reference": reference.digest, **code})
