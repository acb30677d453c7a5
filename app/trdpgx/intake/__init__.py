"""Intake, from bytes to the panel's sites: detect the format, decompress, select and validate records, find the assembly, call sites."""
