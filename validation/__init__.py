"""Validation against the published truth of real people, apart from the tests: it needs genomes that are not in this repository."""
