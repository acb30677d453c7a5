"""The guide's package for tests of FHIR, fetched once by npm. Without it the tests are skipped, with the reason."""

import pytest

from validation.fhir.guide import Guide, GuideMissingError, fetch


@pytest.fixture(scope="session")
def guide() -> Guide:
    """The implementation guide."""
    try:
        return Guide.load(fetch())
    except GuideMissingError as error:
        pytest.skip(str(error))
