"""From received to decompressed bytes: the format is detected by the first bytes, and decompression is bounded."""
