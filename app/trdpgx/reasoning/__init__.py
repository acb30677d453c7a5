"""Reasoning: rules and calls become considerations, each with its evidence."""
