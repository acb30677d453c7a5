"""``python -m tests.http.serve_with MODULE``: ``trdpgx serve`` with MODULE as its supervisor."""

import sys

from trdpgx.cli.serve import run_service
from trdpgx.cli.settings import load_access, load_settings

if __name__ == "__main__":
    run_service(load_settings(), load_access(), (sys.executable, "-m", sys.argv[1]))
