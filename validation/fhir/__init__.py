"""Checks that Bundles keep FHIR R4 and the profiles of HL7's genomics reporting guide (docs/fhir.md): a tool for tests.

It is no replacement for HL7's validator, which cannot be had from a package index.
"""
