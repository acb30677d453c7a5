cwlVersion: v1.2
class: CommandLineTool
label: Pharmacogenomic report of each sample of a VCF, for treatment with antidepressants
doc: |
  Runs `trdpgx annotate`.
  It fails permanently with exit code 65 where a file cannot be read, and with 4 where a demand of
  `require` or `fail_on` is not met.
baseCommand: [trdpgx, annotate]
requirements:
  InlineJavascriptRequirement: {}
hints:
  ResourceRequirement:
    coresMin: 1
    ramMin: 500
  SoftwareRequirement:
    packages:
      trdpgx:
        version: ["0.1.0"]
inputs:
  vcf:
    type: File[]
    doc: VCF or BCF files, plain, gzip, BGZF or zstd
    inputBinding:
      position: 100
  format:
    type:
      - "null"
      - type: enum
        symbols: [json, fhir, html, ndjson, parquet, text, tsv, vcf]
    default: json
    inputBinding:
      prefix: --format
  report_name:
    type: string
    default: reports.json
    doc: name of the file of reports
    inputBinding:
      prefix: --output
  assembly:
    type:
      - "null"
      - type: enum
        symbols: [auto, GRCh37, GRCh38, hg19, hg38]
    inputBinding:
      prefix: --assembly
  absent:
    type:
      - "null"
      - type: enum
        symbols: [missing, reference]
    inputBinding:
      prefix: --absent
  sample:
    type:
      - "null"
      - type: array
        items: string
        inputBinding:
          prefix: --sample
  require:
    type: string[]?
    doc: genes that have to be called
    inputBinding:
      prefix: --require
      itemSeparator: ","
  fail_on:
    type:
      - "null"
      - type: array
        items:
          type: enum
          symbols: [no-call, warning, assumed, conflict, open]
    inputBinding:
      prefix: --fail-on
      itemSeparator: ","
  outside_calls:
    type: File?
    inputBinding:
      prefix: --outside-calls
  context:
    type: File?
    inputBinding:
      prefix: --context
  targets:
    type: File?
    inputBinding:
      prefix: --targets
  multiqc:
    type: boolean
    default: true
    doc: whether files for MultiQC are written
    inputBinding:
      prefix: --multiqc
      valueFrom: '$(self ? "multiqc" : null)'
outputs:
  reports:
    type: File
    outputBinding:
      glob: $(inputs.report_name)
  multiqc_files:
    type: Directory?
    outputBinding:
      glob: multiqc
