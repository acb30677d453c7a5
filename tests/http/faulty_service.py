"""``python -m tests.http.faulty_service``: ``trdpgx serve`` with a supervisor whose workers have planted faults."""

import sys

from trdpgx.cli.serve import run_service
from trdpgx.cli.settings import load_access, load_settings

if __name__ == "__main__":
    run_service(load_settings(), load_access(), (sys.executable, "-m", "tests.http.faults"))
