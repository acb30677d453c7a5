"""The calls of a block of samples: distinct ones, and which of them each sample has."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from trdpgx.model.gene_report import GeneReport
from trdpgx.model.variant_report import VariantReport


class CallTable(Struct, frozen=True):
    """The calls of a block: distinct ``genes`` and ``variants``, and which of them each sample has (samples x columns; -1: none)."""

    genes: Sequence[GeneReport]
    gene_index: NDArray[np.int32]
    gene_names: Sequence[str]
    variants: Sequence[VariantReport]
    variant_index: NDArray[np.int32]
    variant_names: Sequence[str]
