"""``trdpgx serve`` as on a kernel without Landlock: the supervisor's part of this file takes its system call away."""

import sys

from trdpgx.cli.serve import run_service
from trdpgx.cli.settings import load_access, load_settings

if __name__ == "__main__":
    if len(sys.argv) > 1:
        from trdpgx.service import confinement, supervisor

        confinement._RULESET = 100_000
        supervisor.main()
    else:
        run_service(load_settings(), load_access(), (sys.executable, "-m", "tests.http.without_landlock"))
