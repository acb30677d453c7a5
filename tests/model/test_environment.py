"""Settings come from the environment where they are not given."""

import pytest
from pydantic import ValidationError

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
