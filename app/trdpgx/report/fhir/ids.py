"""Ids of the resources of one Bundle: name-based UUIDs (RFC 9562, version 5), so that the same report always gives the same ids."""

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID, uuid5

from trdpgx.model.options import Options
from trdpgx.model.report import Report
from trdpgx.report.fhir.coding import Json
from trdpgx.report.formats.json import to_json

_NAMESPACE = UUID("8d3c7f4e-52f0-5c1e-9d0a-6a1b7f0c2e55")
"""Of this project's Bundles; any fixed UUID does."""
_NO_TIME = datetime.fromtimestamp(0, UTC)


class ResourceIds:
    """Gives a resource its id and its reference by a name that is its own in the report.

    The ids rest on what the report states. They do not rest on its random id, on its time or on the options, so that the same genome read
    again under the same release updates the resources that a server already has.
    """

    def __init__(self, report: Report) -> None:
        """Take the digest of the report's statements."""
        steady = report.copy_with(report_id="", created_at=_NO_TIME, options=Options())
        self._report = uuid5(_NAMESPACE, sha256(to_json(steady)).hexdigest())

    def of(self, name: str) -> str:
        """Return the id of a resource."""
        return str(uuid5(self._report, name))

    def url(self, name: str) -> str:
        """Return the ``fullUrl`` of a resource."""
        return f"urn:uuid:{self.of(name)}"

    def reference(self, name: str) -> Json:
        """Return a reference to a resource of this Bundle."""
        return {"reference": self.url(name)}
