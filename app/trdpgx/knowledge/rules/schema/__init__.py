"""The shape of the YAML in ``rules/``, a module for each kind of file: what a curator may write, and nothing else (rules/README.md)."""
