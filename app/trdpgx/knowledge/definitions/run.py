"""``trdpgx reference import`` from folder to folder."""

import csv
from collections.abc import Collection, Mapping
from pathlib import Path

from msgspec.structs import replace

from trdpgx.knowledge.definitions.downloaded import DefinitionError, DownloadedGene
from trdpgx.knowledge.definitions.genomes import Genomes, Speller
from trdpgx.knowledge.definitions.pharmcat import read_pharmcat
from trdpgx.knowledge.definitions.pharmvar import read_pharmvar
from trdpgx.knowledge.definitions.writing import Imported, write_import
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.reference.pharmacogene import FUNCTIONS

_COLUMNS = ["gene", "allele", "function", "activity"]
_Functions = dict[str, dict[str, tuple[str, float | None]]]


def import_folder(
    pharmvar: Path | None,
    pharmcat: Path | None,
    *,
    base: Path,
    genomes: Genomes,
    genes: Collection[str] = (),
    functions: Path | None = None,
    out: Path,
    name: str,
) -> Imported:
    """Read a folder of PharmVar or of PharmCAT, and write ``out``, a copy of the reference folder ``base`` with what it states.

    Genes that the reference has no named alleles of are passed over, unless ``genes`` names them. Raises ``DefinitionError`` and what
    reading a reference raises; ``out`` is not there then.
    """
    reference = load_reference(base)

    def choose(defined: Collection[str]) -> list[str]:
        missing = [gene for gene in genes if gene not in defined]
        if missing:
            raise DefinitionError(f"the files define no {', '.join(missing)}; they define {', '.join(sorted(defined))}")
        wanted = [gene for gene in defined if (gene in genes if genes else gene in reference.genes)]
        if not wanted:
            raise DefinitionError(f"the files define {', '.join(sorted(defined))}, of which the reference has no named alleles")
        return wanted

    if pharmvar is not None:
        chosen = read_pharmvar(pharmvar, Speller(reference, genomes), choose)
    elif pharmcat is not None:
        chosen = read_pharmcat(pharmcat, choose)
    else:
        raise DefinitionError("no folder of definitions is named")
    stated = _functions(functions) if functions is not None else {}
    return write_import([_with(one, stated.get(one.gene, {})) for one in chosen], base, reference, genomes, out=out, name=name)


def _with(gene: DownloadedGene, functions: Mapping[str, tuple[str, float | None]]) -> DownloadedGene:
    return replace(gene, functions={**gene.functions, **functions}) if functions else gene


def _functions(path: Path) -> _Functions:
    stated: _Functions = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if rows.fieldnames != _COLUMNS:
                raise DefinitionError(f"{path.name}:1: the columns are not {', '.join(_COLUMNS)}")
            for line, row in enumerate(rows, 2):
                if row["function"] not in FUNCTIONS:
                    raise DefinitionError(f"{path.name}:{line}: the function is not one of: {', '.join(sorted(FUNCTIONS))}")
                value = row["activity"] or ""
                if value and not value.replace(".", "", 1).isdigit():
                    raise DefinitionError(f"{path.name}:{line}: the activity is not a number")
                stated.setdefault(row["gene"] or "", {})[row["allele"] or ""] = (row["function"], float(value) if value else None)
    except (UnicodeDecodeError, csv.Error):
        raise DefinitionError(f"{path.name}: not a CSV file in UTF-8") from None
    return stated
