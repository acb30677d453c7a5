"""Checks Bundles by FHIR R4 and the profiles of HL7's genomics reporting guide (docs/fhir.md): a tool for tests.

It does not replace HL7's validator, which no package index has.
"""
