"""Measurements: what the service costs, as ratios side by side in one run. ``python -m performance`` remakes performance/benchmarks.md."""
