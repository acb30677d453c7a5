"""PharmCAT's definition and phenotype files: ``*_translation.json`` and ``<gene>.json``, as its releases ship them.

A definition file has ``variants`` (GRCh38, VCF spelling) and ``namedAlleles`` with a base for each variant, ``null`` where it is that of
the reference allele. A phenotype file has ``haplotypes`` (function by name) and ``activityValues``, or ``namedAlleles`` with both.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trdpgx.knowledge.definitions.downloaded import Choose, DefinitionError, DownloadedAllele, DownloadedGene, DownloadedSite
from trdpgx.knowledge.reference.pharmacogene import FUNCTIONS

Functions = Mapping[str, tuple[str, float | None]]
"""For each allele its function and activity value, as the file has them."""
MOST_BYTES = 64 << 20
"""More than the largest file of a publisher has."""
_NAME = re.compile(r"\*[0-9]+[A-Za-z0-9]*(?:\+\*[0-9]+[A-Za-z0-9]*)*")


def read_pharmcat(folder: Path, choose: Choose) -> tuple[DownloadedGene, ...]:
    """Read the definition files of chosen genes below a folder, with the functions of its phenotype files. Raises ``DefinitionError``."""
    definitions: dict[str, tuple[Path, dict[str, Any]]] = {}
    functions: dict[str, Functions] = {}
    for path in sorted(folder.rglob("*.json")):
        content = read_json(path)
        if not isinstance(content, dict) or not isinstance(content.get("gene"), str):
            continue
        gene = content["gene"]
        if isinstance(content.get("variants"), list):
            if gene in definitions:
                raise DefinitionError(f"{path.name}: {gene} is defined by {definitions[gene][0].name} too; leave one of the two")
            definitions[gene] = path, content
        elif "haplotypes" in content or "diplotypes" in content:
            functions[gene] = {**functions.get(gene, {}), **functions_of(path, content)}
    if not definitions:
        raise DefinitionError(f"{folder.name}: no definition file of PharmCAT (*_translation.json) is in this folder")
    return tuple(_gene(*definitions[gene], functions.get(gene, {})) for gene in choose(definitions))


def read_json(path: Path) -> Any:
    """Read a JSON file of a size that such files have. Raises ``DefinitionError``."""
    if path.stat().st_size > MOST_BYTES:
        raise DefinitionError(f"{path.name}: larger than any such file ({MOST_BYTES >> 20} MiB)")
    try:
        return json.loads(path.read_text("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise DefinitionError(f"{path.name}: not a JSON file; download it again") from None


def functions_of(path: Path, content: Mapping[str, Any]) -> dict[str, tuple[str, float | None]]:
    """Return the function and the activity value of each allele of a phenotype file. Raises ``DefinitionError``.

    Older files have the activity value where later ones have the function; such an allele is left out.
    """
    named = content.get("namedAlleles")
    if isinstance(named, list) and named:
        entries = {str(one.get("name")): (one.get("functionValue"), one.get("activityValue")) for one in named if isinstance(one, dict)}
    else:
        haplotypes, values = content.get("haplotypes") or {}, content.get("activityValues") or {}
        if not isinstance(haplotypes, dict) or not isinstance(values, dict):
            raise DefinitionError(f"{path.name}: 'haplotypes' is not an object of alleles and their functions")
        entries = {str(name): (function, values.get(name)) for name, function in haplotypes.items()}
    named_functions = {name.replace(" ", ""): (str(function), activity_value(value)) for name, (function, value) in entries.items()}
    return {name: stated for name, stated in named_functions.items() if stated[0] in FUNCTIONS}


def activity_value(value: object) -> float | None:
    """Return an activity value or score as the files write it (``1.5``, ``≥3``), ``None`` for anything else."""
    match = re.fullmatch(r"≥?\s*(\d+(?:\.\d+)?)", str(value).strip()) if value is not None else None
    return float(match[1]) if match else None


def _gene(path: Path, content: Mapping[str, Any], functions: Functions) -> DownloadedGene:
    gene = str(content["gene"])
    sites = tuple(_site(path, number, one) for number, one in enumerate(content["variants"], 1))
    named = content.get("namedAlleles")
    if not isinstance(named, list) or not named:
        raise DefinitionError(f"{path.name}: {gene} has no 'namedAlleles'; is this a definition file of PharmCAT?")
    alleles, left_out = [], []
    for one in named:
        allele = _allele(path, one, sites, functions)
        if allele.bases:
            alleles.append(allele)
        else:
            left_out.append(allele.name)
    references = [allele for allele in alleles if allele.is_reference]
    if len(references) != 1 or set(references[0].bases) != {site.pos for site in sites}:
        raise DefinitionError(f"{path.name}: {gene} has not one reference allele that spells out every variant")
    version = str(content.get("version") or content.get("modificationDate") or "no version")
    return DownloadedGene(
        gene, path, f"PharmCAT {version}", sites, tuple(alleles), exact=True, left_out=tuple(left_out), functions=functions
    )


def _site(path: Path, number: int, one: object) -> DownloadedSite:
    try:
        if not isinstance(one, dict):
            raise TypeError
        pos, ref, alts = int(one["position"]), str(one["ref"]), tuple(str(alt) for alt in one["alts"])
    except (KeyError, TypeError, ValueError):
        raise DefinitionError(
            f"{path.name}: variant {number} lacks 'position', 'ref' or 'alts'; PharmCAT 2.9 and later have them"
        ) from None
    if any(re.fullmatch(r"[ACGT]+", text) is None for text in (ref, *alts)):
        raise DefinitionError(f"{path.name}: variant {number} at {pos} has other letters than A, C, G and T")
    rsid = one.get("rsid")
    return DownloadedSite(pos, ref, alts, str(rsid) if rsid else None)


def _allele(path: Path, one: object, sites: tuple[DownloadedSite, ...], functions: Functions) -> DownloadedAllele:
    if not isinstance(one, dict) or not isinstance(one.get("name"), str) or not isinstance(one.get("alleles"), list):
        raise DefinitionError(f"{path.name}: an entry of 'namedAlleles' has no 'name' or no 'alleles'")
    name, spelled = one["name"], one["alleles"]
    if _NAME.fullmatch(name) is None:
        raise DefinitionError(f"{path.name}: an allele has a name that is no star allele: write a star, a number and letters")
    if len(spelled) != len(sites):
        raise DefinitionError(f"{path.name}: {name} has {len(spelled)} bases for {len(sites)} variants")
    bases = {site.pos: str(base) for site, base in zip(sites, spelled, strict=True) if base is not None}
    function, activity = functions.get(name, (None, None))
    return DownloadedAllele(name, bases, is_reference=bool(one.get("reference")), function=function, activity=activity)
