"""What a reader has to know about a call: the codes and their texts, in one table."""

from trdpgx.model.report import Note

TEXTS = {
    "reference_by_default": "{allele} means that none of the variants which define the other alleles was found at the {seen} sites seen. "
    "Variants elsewhere in the gene were not looked for.",
    "sites_unseen": "Defining sites that were not seen: {unseen} of {total}. Alleles that only they define cannot be excluded; they are "
    "listed as missing alleles.",
    "absent_as_reference": "{assumed} of {total} sites are not in the file and were taken as the reference base because the caller asked "
    "for it. They were not observed.",
    "other_pairs_possible": "Other pairs of alleles that explain the same genotypes: {others}. The pairs listed are those with the most "
    "sites spelled out in their definitions; that is a convention, not evidence.",
    "research_combinations": "For research only: no pair of named alleles explains the genotypes, and combinations of alleles or partial "
    "alleles that do are listed apart ({listed} of {equal} equally good). They have no function and no phenotype, and nothing in this "
    "report follows from them.",
    "research_combinations_not_tried": "No pair of named alleles explains the genotypes, and there are too many ways to combine alleles "
    "for all of them to be tried: at most {blocks} heterozygous sites or phase sets that are independent of each other, and {steps} steps. "
    "No combination is named.",
    "undefined_base_synonymous": "{base} at {site} is in no definition of the gene. It does not change the protein, as every base does "
    "that a definition asks for there; the call is made as if the reference base {reference} stood there.",
    "undefined_base_of_suballele": "{base} at {site} is in no definition of the gene. PharmVar lists it in the sub-allele {suballele} "
    "({verification}); the call is made as if the reference base {reference} stood there.",
    "research_without_site": "For research only: without the sites at which a base is in no definition ({sites}) the genotypes would be "
    "{names}. Nothing in this report follows from that.",
    "research_without_phase": "For research only: no allele has these haplotypes; if the genotypes were not phased they would be {names}. "
    "Nothing in this report follows from that.",
    "copy_number_not_assessed": "Deletions, duplications and hybrids of CYP2D6 are common and were not assessed. The diplotype presumes "
    "two ordinary copies of the gene; see what a structural variant would change under copy number.",
    "copy_number_suspected": "The file holds signs of an unusual number of gene copies. The diplotype presumes two ordinary copies; "
    "confirm it with a copy-number-aware method.",
    "copy_number_conflict": "The copy-number record and the genotypes contradict each other. The diplotype is that of the genotypes.",
    "copy_number_arrangement": "There are {copies} copies of the gene, and which allele is present more than once is not known. All "
    "arrangements are listed.",
    "copy_number_range": "The structural records leave more than one number of copies of the gene, {copies}. The diplotypes of each are "
    "listed; confirm the number with a copy-number-aware method.",
    "copy_number_unusual": "A structural record gives {copies} copies of {gene}. The diplotype is that of the genotypes and does not take "
    "them into account.",
    "hemizygous": "One copy of the gene was found. The genotypes are read as those of a single haplotype, opposite a deletion "
    "({deletion}).",
    "structural_filtered": "A structural record over the gene failed its filter and was not used.",
    "structural_partial": "A structural record covers only part of the gene, as a hybrid would. It was not used for the diplotype.",
    "genotype_against_reads": "The reads in the file do not bear out the genotype at {sites}. It was used as it stands; look at the reads "
    "before it is relied on.",
    "cyp2d6_68_possible": "*4 often stands in tandem with the hybrid *68 (*68+*4), which a small-variant file does not show. Both have no "
    "function, so the activity score is the same.",
    "cyp2d6_36_possible": "*10 often stands in tandem with the hybrid *36 (*36+*10), and *36 alone can look like *10. A small-variant "
    "file does not tell them apart. *36+*10 has the activity of *10; *36 alone has none.",
    "cyp2b6_rs2279343_unseen": "rs2279343 was not seen. Short reads often fail there, and without it *6 cannot be told from *9.",
    "no_function_assigned": "CPIC assigns no function to the alleles of this gene; they are reported without a phenotype.",
    "unknown_function": "The function of {alleles} is not established, so no activity or phenotype follows from it.",
    "lower_bound": "The number of copies is a lower bound, and so is the activity score. The phenotype is that of the lower bound.",
    "outside_call_conflict": "{tool} calls {outside}; the genotypes of this file say {own}. The call of {tool} is reported.",
    "outside_call_adds_structure": "{tool} calls {outside}; the genotypes of this file say {own}. The two differ only in copies, deletions "
    "or hybrids, which the genotypes cannot show. The call of {tool} is reported.",
    "outside_calls_differ": "The outside calls differ: {calls}. All of them are listed.",
    "outside_no_call": "{tool} made no call for this gene, and nothing that is reported rests on it.",
    "outside_quality_flag": "{tool} marks its call itself: {flag}. Confirm it before it is relied on.",
    "outside_copies_differ": "{tool} counts {stated} copies of the gene; its own diplotype {diplotype} has {counted}.",
    "outside_score_at_least": "The activity score is at least {score}, which the other copies make; what {alleles} adds is not known.",
    "outside_allele_missing": "{tool} names {alleles} alone, and no second allele. That it is carried is used; of other alleles nothing "
    "is known.",
    "outside_tests_conflict": "The outside calls contradict each other on {alleles}. The result that an allele is carried is the one "
    "that is used.",
    "outside_phenotypes_differ": "The outside calls state different phenotypes ({stated}), so none of them is reported.",
    "outside_phenotype_differs": "{tool} states {stated}; the tables of this release read {computed} from the diplotype. The latter is "
    "reported.",
    "outside_score_differs": "{tool} states the activity score {stated}; the tables of this release make it {computed}. The latter is "
    "reported.",
    "outside_allele_unknown": "{alleles} of the outside call is not in the allele table of this release.",
    "outside_result_unreadable": "{tool} gives {result}, which is not in this release's vocabulary. It was not interpreted, "
    "and nothing that is reported rests on it.",
}


def caveat(code: str, **values: object) -> Note:
    """Return the caveat of a code with its values filled in."""
    return Note(code=code, text=TEXTS[code].format(**values))
