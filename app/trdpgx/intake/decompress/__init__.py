"""Bytes as received to bytes inside: the format by its first bytes, then bounded decompression."""
