"""How a service is run: where it listens, what it reads, how patient it is. docs/settings.md lists each (``TRDPGX_...``)."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from trdpgx.model.environment import Environment


class Settings(Environment):
    """The settings of one process. ``trdpgx.model.limits`` holds the caps on one input apart from these."""

    host: str = "127.0.0.1"
    """Address that `trdpgx serve` listens on. Only this machine can reach the default."""
    port: int = Field(default=8000, ge=0, le=65535)
    """Port that `trdpgx serve` listens on."""
    workers: int = Field(default=1, gt=0)
    """Number of server processes. On Linux they share the knowledge; each keeps a pool of parser processes of its own."""
    cells: int = Field(default=2, gt=0)
    """Number of isolated parser processes in each server process."""
    rules: Path | None = None
    """Folder of rules that is layered over the bundled one: it adds rules, and replaces those of the same id (rules/README.md)."""
    evidence_policy: str = "trdpgx-evidence-2"
    """Name of the policy that computes `evidence.strength` (docs/evidence.md)."""
    open_from_chance: float = Field(default=0.01, ge=0, le=1)
    """Chance that an allele is carried that was not seen and would change a phenotype, from which on the phenotype is left open."""
    reference: Path | None = None
    """Folder of reference data to use instead of the bundled one, or of sequences that `trdpgx reference build` has cut, to add to it."""
    frequencies_grch38: Path | None = None
    """Population frequencies on GRCh38: a VCF with its tabix index, or a Parquet file (docs/rare-variants.md)."""
    frequencies_grch37: Path | None = None
    """The same on GRCh37."""
    log_level: Literal["critical", "error", "warning", "info", "debug"] = "info"
    """How much is logged. No level logs a genotype, a position, a sample name or a file name."""
    upload_idle_seconds: float = Field(default=60.0, gt=0)
    """Seconds that an upload may pause before it is given up."""
    upload_linger_seconds: float = Field(default=5.0, ge=0)
    """Seconds for which the rest of a refused upload is taken and thrown away, so that the sender can read why."""
    service_id: str = "trdpgx"
    """`id` in `/service-info`: by GA4GH's wish the reverse domain name of the operator's service."""
    organization_name: str = "not stated by the operator"
    """`organization.name` in `/service-info`."""
    organization_url: str = "about:blank"
    """`organization.url` in `/service-info`."""
