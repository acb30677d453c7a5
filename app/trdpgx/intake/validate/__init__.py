"""Records over the panel, validated field by field."""
