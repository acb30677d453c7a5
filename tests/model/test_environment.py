"""Settings come from the environment where they are not given."""

import pytest
from pydantic import ValidationError

from trdpgx.model.access import AccessSettings
from trdpgx.model.limits import Limits
from trdpgx.model.settings import Settings


def test_what_is_given_stands_above_a_variable_and_a_variable_above_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().port == 8000
    monkeypatch.setenv("trdpgx_port", "8001")
    monkeypatch.setenv("TRDPGX_MAX_SECONDS", "2.5")
    assert Settings().port == 8001
    assert Settings(port=8002).port == 8002
    assert Limits().max_seconds == 2.5


def test_what_cannot_be_meant_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRDPGX_WORKERS", "0")
    with pytest.raises(ValidationError, match=r"(?s)workers.*greater than 0"):
        Settings()
    with pytest.raises(ValidationError, match=r"(?s)prot.*not permitted"):
        Limits.model_validate({"prot": 1})


@pytest.mark.parametrize(
    ("settings", "remedy"),
    [
        ({"path_prefix": "trdpgx"}, "write a path such as /trdpgx"),
        ({"path_prefix": "/a b"}, "write a path such as /trdpgx"),
        ({"public_url": "https://example.org/pgx", "path_prefix": "/other"}, "TRDPGX_PATH_PREFIX is not the path of TRDPGX_PUBLIC_URL"),
        ({"public_url": "example.org"}, "write a URL such as https://example.org/trdpgx"),
        ({"cors_origins": "https://example.org/page"}, "write origins such as https://example.org, without a path"),
        ({"oidc_algorithms": "HS256"}, "choose from RS256"),
        ({"oidc_jwks": "http://example.org/keys"}, "keys are fetched over https, or from this machine"),
        ({"auth": "keys"}, "TRDPGX_AUTH=keys needs TRDPGX_KEYS"),
        ({"auth": "oidc"}, "TRDPGX_AUTH=oidc needs TRDPGX_OIDC_ISSUER"),
    ],
)
def test_settings_of_access_that_cannot_be_used_are_refused_with_the_remedy(settings: dict[str, str], remedy: str) -> None:
    with pytest.raises(ValidationError, match=remedy):
        AccessSettings.model_validate(settings)
