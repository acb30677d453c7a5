"""Intake: bytes become panel sites. Sniff, inflate, gate, isolate, parse, normalise, find the assembly."""
