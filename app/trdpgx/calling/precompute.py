"""What calling works out from the reference when it is first needed, worked out for all genes at once.

A command makes what its files need. A service makes everything before it takes requests: else the time of an answer would show whether
somebody before had a variant in the same gene.
"""

from trdpgx.calling.consequence.track import track_of
from trdpgx.calling.gene_caveats import default_alleles
from trdpgx.calling.outside_calls.files import adapters
from trdpgx.calling.star_alleles.combinations import cores_of
from trdpgx.calling.star_alleles.functions import functions_of
from trdpgx.calling.star_alleles.pattern import absent_sites
from trdpgx.calling.star_alleles.prior import bases_by_site
from trdpgx.calling.star_alleles.settling_sites import differing
from trdpgx.calling.star_alleles.table import allele_table
from trdpgx.calling.star_alleles.undefined_bases import protein_changing_sites
from trdpgx.calling.variants import variant_sites
from trdpgx.model.genome import Assembly
from trdpgx.model.library import ReferenceLibrary


def precompute(reference: ReferenceLibrary) -> None:
    """Make the tables of every gene, and the track of every transcript; load the adapters of outside calls."""
    adapters()
    for definition in reference.genes.values():
        table = allele_table(definition, reference.sites[Assembly.GRCH38])
        for make in (absent_sites, bases_by_site, cores_of, default_alleles, differing, functions_of):
            make(table)
        transcript = reference.transcripts[Assembly.GRCH38].get(definition.gene)
        if transcript is not None:
            protein_changing_sites(table, transcript, tuple(reference.sites[Assembly.GRCH38][site] for site in table.sites))
    for assembly in Assembly:
        variant_sites(reference, assembly)
        for transcript in reference.transcripts[assembly].values():
            track_of(transcript)
