"""The authenticator that the settings ask for."""

from trdpgx.http.auth.callers import Authenticator
from trdpgx.http.auth.key_file import KeyListError
from trdpgx.http.auth.keys import KeyAuthenticator
from trdpgx.model.access import AccessSettings
from trdpgx.model.errors import TrdpgxError


class AccessError(TrdpgxError):
    """The settings about callers cannot be used. The message states why, and what to do."""


def choose_authenticator(settings: AccessSettings) -> Authenticator | None:
    """Return the authenticator, or ``None`` where everybody may call. Raises ``AccessError``."""
    if settings.auth == "keys" and settings.keys is not None:
        try:
            return KeyAuthenticator(settings.keys)
        except KeyListError as error:
            raise AccessError(f"TRDPGX_KEYS cannot be used: {error} (`trdpgx keys new --file FILE --name NAME` makes it)") from None
    if settings.auth == "oidc":
        from trdpgx.http.auth.oidc import TokenAuthenticator  # noqa: PLC0415 (other services need no library for signatures)

        try:
            return TokenAuthenticator(settings)
        except (OSError, ValueError) as error:
            raise AccessError(f"TRDPGX_OIDC_JWKS cannot be used: {error}") from None
    return None
