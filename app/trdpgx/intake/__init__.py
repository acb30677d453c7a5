"""Intake: bytes become panel sites. Sniff, inflate, validator, isolate, parse, normalise, find the assembly."""
