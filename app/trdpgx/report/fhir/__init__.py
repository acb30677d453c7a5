"""A report as a FHIR R4 Bundle by HL7's implementation guide "Genomics Reporting" 3.0.0 (hl7.fhir.uv.genomics-reporting, STU3)."""
