process TRDPGX_ANNOTATE {
    tag "$meta.id"
    label 'process_single'

    conda "${moduleDir}/environment.yml"
    container "${ workflow.containerEngine in ['singularity', 'apptainer'] && !task.ext.singularity_pull_docker_container ?
        'https://depot.galaxyproject.org/singularity/trdpgx:0.1.0--py312_0' :
        'biocontainers/trdpgx:0.1.0--py312_0' }"

    input:
    tuple val(meta), path(vcf)

    output:
    tuple val(meta), path("${prefix}.trdpgx.json"), emit: json
    tuple val(meta), path("${prefix}_trdpgx_mqc") , emit: multiqc
    tuple val("${task.process}"), val('trdpgx'), eval("trdpgx --version | sed 's/.* //'"), topic: versions, emit: versions_trdpgx

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    prefix = task.ext.prefix ?: "${meta.id}"
    """
    trdpgx annotate \\
        --output '${prefix}.trdpgx.json' \\
        --multiqc '${prefix}_trdpgx_mqc' \\
        $args \\
        -- $vcf
    """

    stub:
    prefix = task.ext.prefix ?: "${meta.id}"
    """
    touch '${prefix}.trdpgx.json'
    mkdir '${prefix}_trdpgx_mqc'
    touch '${prefix}_trdpgx_mqc/trdpgx_general_stats_mqc.json'
    """
}
