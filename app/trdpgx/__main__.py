"""``python -m trdpgx``: the same as the command ``trdpgx``."""

from trdpgx.cli.main import main

if __name__ == "__main__":
    main(prog_name="trdpgx")
