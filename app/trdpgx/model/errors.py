"""The base of every exception that this package raises about what it was given."""


class TrdpgxError(Exception):
    """Input, rules, reference data or settings cannot be used. Its message, or its ``problem``, gives the reason."""


class ExtensionError(TrdpgxError, ValueError):
    """An installed entry point names what cannot be imported. The message names it, and the remedy."""
