"""``rules/``: YAML, read into one immutable library; lint, examples, evidence policies."""
