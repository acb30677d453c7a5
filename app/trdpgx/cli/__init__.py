"""Groups of commands that are too large for ``cli.py``, and what every command says and reads in the same way."""
