"""Allele definitions that somebody downloaded or wrote, read and brought into a reference folder (``trdpgx reference import``)."""
