"""The settings of a service: its address, workers, folders, logs, timeouts and queues. docs/settings.md lists each (``TRDPGX_...``)."""

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
    workers: int = Field(default=3, gt=0)
    """Number of worker processes. Of two or more, one is always kept free for small requests."""
    worker_requests: int = Field(default=1_000, gt=0)
    """Requests after which a worker is replaced; 1: a worker process ends after each request."""
    confine: Literal["require", "try"] = "try"
    """`require`: refuse to start where the kernel cannot confine the workers (resource limits, Landlock, seccomp)."""
    rules: Path | None = None
    """Folder of rules, layered over the bundled one: it adds rules and replaces those of the same id (rules/README.md)."""
    evidence_policy: str = "trdpgx-evidence-3"
    """Name of the policy that computes `evidence.strength` (docs/evidence.md)."""
    open_from_chance: float = Field(default=0.01, ge=0, le=1)
    """Chance that the person carries an unseen allele that would change the phenotype; from this chance on the phenotype is left open."""
    reference: Path | None = None
    """Folder of reference data to use instead of the bundled one, or of sequences from `trdpgx reference build` to add to it."""
    trusted_keys: Path | None = None
    """Public Ed25519 keys (a JWK or a JWK set): only reports signed by one of them are re-annotated (docs/reannotation.md)."""
    frequencies_grch38: Path | None = None
    """Population frequencies on GRCh38: a VCF with its tabix index, or a Parquet file (docs/rare-variants.md)."""
    frequencies_grch37: Path | None = None
    """The same on GRCh37."""
    log_level: Literal["critical", "error", "warning", "info", "debug"] = "info"
    """How much is logged. No level logs a genotype, a position, a sample name or a file name."""
    log_format: Literal["text", "json"] = "text"
    """Format of the log lines, on standard error."""
    upload_idle_seconds: float = Field(default=60.0, gt=0)
    """Seconds that an upload may pause before it is ended."""
    upload_drain_seconds: float = Field(default=5.0, ge=0)
    """Seconds for which the rest of a refused upload is read and discarded, so that the sender can read the response."""
    upload_first_bytes: int = Field(default=256 * 1024, gt=0)
    """Bytes of an upload that are collected before it gets a worker; a request that fits into them is small."""
    upload_first_seconds: float = Field(default=60.0, gt=0)
    """Seconds in which these bytes, or the whole upload, have to arrive."""
    upload_held_bytes: int = Field(default=64 * 2**20, gt=0)
    """Bytes that may be collected in this way over all uploads; beyond them slow uploads are ended, or new ones get `busy`."""
    upload_min_rate: int = Field(default=64_000, gt=0)
    """Bytes a second; an upload that is slower loses its worker."""
    upload_rate_seconds: float = Field(default=10.0, gt=0)
    """Seconds over which that rate is measured; also the seconds that a client may leave a part of the response unread."""
    queue_requests: int = Field(default=32, ge=0)
    """Small requests, and large requests, that may wait for a worker; beyond them the response is `busy`."""
    queue_seconds: float = Field(default=60.0, gt=0)
    """Seconds that a request waits for a worker before the response is `busy`."""
    small_seconds: float = Field(default=1.0, gt=0)
    """Seconds of CPU (or three times as many elapsed) after which a small request starts again as a large one, if others wait."""
    drain_seconds: float = Field(default=3.0, ge=0)
    """Seconds after SIGTERM in which `/readyz` responds with 503 and requests are still accepted, before the socket closes."""
    service_id: str = "trdpgx"
    """`id` in `/service-info`: GA4GH recommends the reverse domain name of the operator's service."""
    organization_name: str = "not stated by the operator"
    """`organization.name` in `/service-info`."""
    organization_url: str = "about:blank"
    """`organization.url` in `/service-info`."""
