"""The examples of ``clinical/exposure.yaml``: the word of a row, of an active sum, or how sensitive a substrate is."""

from collections.abc import Mapping
from typing import Any

from trdpgx.knowledge.rules.schema.exposure import ExposureFile
from trdpgx.model.library import RuleLibrary


def exposure_example(library: RuleLibrary, key: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the ``word`` of an observation, that of an active sum for an ``enzyme``, or the ``sensitivity`` to an ``enzyme``."""
    file = library.clinical.of(ExposureFile)
    if key in file.rows:
        return {"word": file.rows[key].described}
    if key in file.active_sums:
        active_sum = file.active_sums[key]
        return {"word": active_sum.word if given["enzyme"] in active_sum.enzymes else None}
    substrate = file.substrates[key]
    return {"sensitivity": substrate.sensitivity if given["enzyme"] == substrate.enzyme else None}
