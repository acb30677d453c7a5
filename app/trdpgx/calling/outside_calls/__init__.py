"""Calls that other tools made: read by adapters into one strict model, and compared with the file's own."""
