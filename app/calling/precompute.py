"""What calling works out from the reference when it is first needed, worked out for all genes at once.

A command makes what its files need. A service makes everything before it takes requests: else the time of an answer would show whether
somebody before had a variant in the same gene.
"""

from app.calling.combinations import cores_of
from app.calling.consequence.track import track_of
from app.calling.functions import functions_of
from app.calling.genes import absent_sites, default_alleles
from app.calling.likely import cells_of
from app.calling.outside import adapters
from app.calling.table import allele_table
from app.calling.telling import apart_of
from app.calling.undefined_bases import protein_changing_sites
from app.calling.variants import variant_places
from app.model.genome import Assembly
from app.model.library import ReferenceLibrary


def precompute(reference: ReferenceLibrary) -> None:
    """Make the tables of every gene, and the track of every transcript; load the adapters of outside calls."""
    adapters()
    for definition in reference.genes.values():
        table = allele_table(definition, reference.sites[Assembly.GRCH38])
        for make in (absent_sites, apart_of, cells_of, cores_of, default_alleles, functions_of):
            make(table)
        transcript = reference.transcripts[Assembly.GRCH38].get(definition.gene)
        if transcript is not None:
            protein_changing_sites(table, transcript, tuple(reference.sites[Assembly.GRCH38][site] for site in table.sites))
    for assembly in Assembly:
        variant_places(reference, assembly)
        for transcript in reference.transcripts[assembly].values():
            track_of(transcript)
