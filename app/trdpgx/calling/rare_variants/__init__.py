"""Rare variants: what others annotated, how common they are, and whether they count."""
