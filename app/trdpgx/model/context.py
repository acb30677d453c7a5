"""What a request may state about the person beside the genome. Everything is optional, and nothing of it is ever inferred."""

from trdpgx.model.base import Model
from trdpgx.model.evidence import Ancestry


class Context(Model):
    """The clinical context of one request. Current drugs and past treatment are not read by this release."""

    ancestry: Ancestry | None = None
    """The person's ancestry, as the person or the clinician states it."""
