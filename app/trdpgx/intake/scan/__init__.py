"""The scanner: every line of the body is looked at, and those that touch the panel are kept."""
