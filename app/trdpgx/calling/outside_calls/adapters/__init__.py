"""Adapters: one module a tool, each with ``recognises(document)`` and ``read(document)``. They are found through entry points."""
