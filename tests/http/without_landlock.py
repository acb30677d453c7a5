"""The supervisor as on a kernel without Landlock: it calls a system call that does not exist."""

from trdpgx.service import confinement, supervisor

if __name__ == "__main__":
    confinement._RULESET = 100_000
    supervisor.main()
