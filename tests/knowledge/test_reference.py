"""What the bundled reference states: the facts that calls and reports rest on."""

from itertools import combinations_with_replacement

import pytest

from trdpgx.knowledge.location import reference_directory
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.reference.phenotype import phenotype
from trdpgx.model.gene import GeneDefinition, Phenotype, Scheme
from trdpgx.model.genome import Assembly, PanelSite, Purpose
from trdpgx.model.library import ReferenceLibrary

WITH_PHENOTYPES = ["CYP2C19", "CYP2D6", "CYP2B6", "CYP2C9", "CYP3A4", "CYP3A5", "UGT1A1"]
WITHOUT_PHENOTYPES = ["CYP1A2", "UGT1A4", "UGT2B7", "UGT2B15"]
GENES = [*WITH_PHENOTYPES, *WITHOUT_PHENOTYPES]


@pytest.fixture(scope="module")
def library() -> ReferenceLibrary:
    return load_reference()


def gene(library: ReferenceLibrary, name: str) -> GeneDefinition:
    return library.genes[name]


def site(library: ReferenceLibrary, assembly: str, identifier: str) -> PanelSite:
    return library.sites[Assembly(assembly)][identifier]


def test_the_bundled_reference_lies_beside_the_program() -> None:
    assert (reference_directory() / "SOURCES.md").is_file()


@pytest.mark.parametrize(
    ("name", "sites", "callable_alleles", "other_alleles"),
    [
        ("CYP2C19", 35, 36, 2),
        ("CYP2D6", 157, 172, 38),
        ("CYP2B6", 48, 47, 2),
        ("CYP2C9", 83, 88, 0),
        ("CYP3A4", 46, 50, 0),
        ("CYP3A5", 7, 8, 0),
        ("UGT1A1", 4, 9, 0),
        ("CYP1A2", 29, 32, 0),
        ("UGT1A4", 12, 9, 3),
        ("UGT2B7", 3, 4, 0),
        ("UGT2B15", 4, 7, 4),
    ],
)
def test_each_gene_has_its_sites_and_alleles(
    library: ReferenceLibrary, name: str, sites: int, callable_alleles: int, other_alleles: int
) -> None:
    definition = gene(library, name)
    assert len(definition.sites) == sites
    assert sum(allele.callable for allele in definition.alleles) == callable_alleles
    assert sum(not allele.callable for allele in definition.alleles) == other_alleles


def test_there_are_no_other_genes(library: ReferenceLibrary) -> None:
    assert list(library.genes) == GENES


@pytest.mark.parametrize(
    ("assembly", "identifier", "position", "spelling"),
    [
        ("GRCh38", "CYP2C19:94781859", ("10", 94781859), ("G", ("A",))),
        ("GRCh37", "CYP2C19:94781859", ("10", 96541616), ("G", ("A",))),
        ("GRCh38", "CYP2C19:94842866", ("10", 94842866), ("A", ("G",))),
        ("GRCh37", "CYP2C19:94842866", ("10", 96602623), ("G", ("A",))),
        ("GRCh38", "CYP2D6:42128945", ("22", 42128945), ("C", ("T",))),
        ("GRCh37", "CYP2D6:42128945", ("22", 42524947), ("C", ("T",))),
        ("GRCh37", "CYP2D6:42126611", ("22", 42522613), ("G", ("C",))),
        ("GRCh37", "CYP2D6:42129130", ("22", 42525132), ("G", ("C",))),
        ("GRCh37", "CYP3A5:99672916", ("7", 99270539), ("C", ("T",))),
        ("GRCh38", "UGT1A1:233760233", ("2", 233760233), ("CAT", ("C", "CATAT", "CATATAT"))),
        ("GRCh37", "UGT1A1:233760233", ("2", 234668879), ("CAT", ("C", "CATAT", "CATATAT"))),
        ("GRCh38", "rs6265", ("11", 27658369), ("C", ("T",))),
        ("GRCh37", "rs6265", ("11", 27679916), ("C", ("T",))),
        ("GRCh38", "rs4680", ("22", 19963748), ("G", ("A",))),
        ("GRCh38", "rs2032582", ("7", 87531302), ("A", ("C", "T"))),
        ("GRCh38", "rs6314", ("13", 46834899), ("G", ("A",))),
        ("GRCh38", "rs2231142", ("4", 88131171), ("G", ("T",))),
    ],
)
def test_known_sites(
    library: ReferenceLibrary, assembly: str, identifier: str, position: tuple[str, int], spelling: tuple[str, tuple[str, ...]]
) -> None:
    found = site(library, assembly, identifier)
    assert (found.chrom, found.pos) == position
    assert (found.ref, found.alts) == spelling


def test_the_reference_base_differs_between_the_assemblies_at_five_sites(library: ReferenceLibrary) -> None:
    grch37, grch38 = library.sites[Assembly.GRCH37], library.sites[Assembly.GRCH38]
    assert {grch38[key].rsid for key in grch38 if grch38[key].ref != grch37[key].ref} == {
        "rs3758581",
        "rs1135840",
        "rs16947",
        "rs1058164",
        "rs776746",
    }


@pytest.mark.parametrize(
    ("identifier", "context"),
    [
        ("UGT1A1:233760233", "CA" + "TA" * 7 + "A"),
        ("CYP3A4:99758183", "GTTTTTC"),
        ("CYP3A4:99766411", "GTC"),
        ("CYP3A5:99652770", "TAG"),
        ("CYP2C9:94942205", "CAATGGAAAGAAATGGAAG"),
        ("CYP2C9:94949281", "GAAG"),
        ("CYP2D6:42128211", "CGGGGGGGC"),
        ("CYP2D6:42128241", "CTG"),
        ("CYP2D6:42128927", "TGGGGCGAAAGGGGCGT"),
        ("CYP1A2:74747271", "ATG"),
        ("UGT1A4:233718946", "CAG"),
        ("UGT1A4:233718993", "CGGT"),
    ],
)
@pytest.mark.parametrize("assembly", list(Assembly))
def test_the_context_of_an_indel_reaches_past_its_repeat(
    library: ReferenceLibrary, assembly: Assembly, identifier: str, context: str
) -> None:
    assert library.sites[assembly][identifier].context == context


@pytest.mark.parametrize("assembly", list(Assembly))
def test_every_indel_is_left_aligned_and_cannot_slide_out_of_its_context(library: ReferenceLibrary, assembly: Assembly) -> None:
    for found in library.sites[assembly].values():
        for alt in found.alts:
            if len(alt) == len(found.ref):
                continue
            unit = max(found.ref, alt, key=len)[len(min(found.ref, alt, key=len)) :]
            assert unit[-1] != found.ref[0], found.id
            tract = found.context[1:]
            assert any(tract[i] != unit[i % len(unit)] for i in range(len(tract))), found.id


@pytest.mark.parametrize("assembly", list(Assembly))
def test_a_panel_holds_each_site_once(library: ReferenceLibrary, assembly: Assembly) -> None:
    panel = library.panels[assembly]
    assert panel.assembly is assembly
    assert len(panel.sites) == 477 == len({(found.chrom, found.pos) for found in panel.sites})
    assert sum(found.purpose is Purpose.VARIANT for found in panel.sites) == 49
    assert {region.gene for region in panel.regions} == {*GENES, "SLC6A4"}
    assert set(panel.contig_lengths) == {*map(str, range(1, 23)), "X", "Y", "MT"}


@pytest.mark.parametrize("assembly", list(Assembly))
def test_every_allele_site_lies_by_its_gene(library: ReferenceLibrary, assembly: Assembly) -> None:
    regions = {region.gene: region for region in library.panels[assembly].regions}
    for found in library.panels[assembly].sites:
        if found.purpose is Purpose.ALLELE:
            region = regions[found.gene]
            assert found.chrom == region.chrom
            assert region.start - 5_000 <= found.pos <= region.end + 5_000, found.id


def test_contig_lengths_tell_the_assemblies_apart(library: ReferenceLibrary) -> None:
    grch37, grch38 = (library.panels[assembly].contig_lengths for assembly in (Assembly.GRCH37, Assembly.GRCH38))
    assert (grch37["1"], grch38["1"]) == (249_250_621, 248_956_422)
    assert (grch37["22"], grch38["22"]) == (51_304_566, 50_818_468)
    assert [contig for contig in grch37 if grch37[contig] == grch38[contig]] == ["MT"]


def test_cyp2c19_star_1_is_not_the_reference_allele(library: ReferenceLibrary) -> None:
    definition = gene(library, "CYP2C19")
    assert definition.reference.name == "*38"
    star_1 = next(allele for allele in definition.alleles if allele.name == "*1")
    assert star_1.bases["CYP2C19:94842866"] == "G"
    assert definition.reference.bases["CYP2C19:94842866"] == "A"


@pytest.mark.parametrize(
    ("name", "allele", "function", "score"),
    [
        ("CYP2D6", "*1", "Normal function", (1.0, 1, True, False)),
        ("CYP2D6", "*4", "No function", (0.0, 1, True, False)),
        ("CYP2D6", "*5", "No function", (0.0, 0, False, False)),
        ("CYP2D6", "*9", "Decreased function", (0.25, 1, True, False)),
        ("CYP2D6", "*10", "Decreased function", (0.25, 1, True, False)),
        ("CYP2D6", "*17", "Decreased function", (0.5, 1, True, False)),
        ("CYP2D6", "*41", "Decreased function", (0.25, 1, True, False)),
        ("CYP2D6", "*1x2", "Increased function", (2.0, 2, False, False)),
        ("CYP2D6", "*1x≥3", "Increased function", (3.0, 3, False, True)),
        ("CYP2D6", "*36", "No function", (0.0, 1, True, False)),
        ("CYP2D6", "*36+*10", "Decreased function", (0.25, 2, False, False)),
        ("CYP2D6", "*68+*4", "No function", (0.0, 2, False, False)),
        ("CYP2D6", "*13+*68x2+*4", "No function", (0.0, 4, False, False)),
        ("CYP2D6", "*61", "Uncertain function", (None, 1, False, False)),
        ("CYP2D6", "*185", "Unknown function", (None, 1, True, False)),
        ("CYP2C19", "*17", "Increased function", (None, 1, True, False)),
        ("CYP2C9", "*2", "Decreased function", (0.5, 1, True, False)),
        ("CYP2C9", "*3", "No function", (0.0, 1, True, False)),
        ("CYP3A5", "*3", "No function", (None, 1, True, False)),
        ("UGT1A1", "*80+*28", "Decreased function", (None, 1, True, False)),
    ],
)
def test_known_alleles(
    library: ReferenceLibrary, name: str, allele: str, function: str, score: tuple[float | None, int, bool, bool]
) -> None:
    """``score`` is the activity value, the number of copies, whether small variants define it, whether the value is a lower bound."""
    found = next(each for each in gene(library, name).alleles if each.name == allele)
    assert found.function == function
    assert (found.activity, found.copies, found.callable, found.activity_is_lower_bound) == score


@pytest.mark.parametrize("name", WITH_PHENOTYPES)
def test_every_pair_of_alleles_has_a_phenotype_by_every_scheme(library: ReferenceLibrary, name: str) -> None:
    definition = gene(library, name)
    assert Scheme.CPIC in definition.phenotypes
    for scheme in definition.phenotypes:
        for pair in combinations_with_replacement(definition.alleles, 2):
            unclear = any(allele.function in {"Uncertain function", "Unknown function"} for allele in pair)
            found = phenotype(definition, pair, scheme)
            assert found is not None
            if not unclear:
                assert found is not Phenotype.INDETERMINATE, (scheme, [allele.name for allele in pair])


@pytest.mark.parametrize("name", GENES)
def test_no_two_callable_alleles_look_alike(library: ReferenceLibrary, name: str) -> None:
    definition = gene(library, name)
    spelled = [tuple(sorted(allele.bases.items())) for allele in definition.alleles if allele.callable]
    assert len(set(spelled)) == len(spelled)


@pytest.mark.parametrize(
    ("name", "diplotype", "scheme", "expected"),
    [
        ("CYP2C19", ("*1", "*17"), Scheme.CPIC, Phenotype.RM),
        ("CYP2C19", ("*1", "*17"), Scheme.DPWG, Phenotype.NM),
        ("CYP2C19", ("*2", "*9"), Scheme.CPIC, Phenotype.LIKELY_PM),
        ("CYP2C19", ("*2", "*9"), Scheme.DPWG, Phenotype.PM),
        ("CYP2C19", ("*2", "*40"), Scheme.CPIC, Phenotype.INDETERMINATE),
        ("CYP2D6", ("*1x2", "*17"), Scheme.CPIC, Phenotype.UM),
        ("CYP2D6", ("*1x2", "*17"), Scheme.DPWG, Phenotype.NM),
        ("CYP2D6", ("*4", "*5"), Scheme.CPIC, Phenotype.PM),
        ("CYP2D6", ("*1", "*41"), Scheme.CPIC, Phenotype.NM),
        ("CYP2D6", ("*4", "*41"), Scheme.CPIC, Phenotype.IM),
        ("CYP2C9", ("*1", "*3"), Scheme.CPIC, Phenotype.IM),
        ("CYP2C9", ("*2", "*3"), Scheme.CPIC, Phenotype.PM),
        ("CYP2B6", ("*6", "*6"), Scheme.CPIC, Phenotype.PM),
        ("CYP3A5", ("*1", "*8"), Scheme.CPIC, Phenotype.POSSIBLE_IM),
        ("UGT1A1", ("*28", "*28"), Scheme.CPIC, Phenotype.PM),
    ],
)
def test_known_phenotypes(library: ReferenceLibrary, name: str, diplotype: tuple[str, str], scheme: Scheme, expected: Phenotype) -> None:
    definition = gene(library, name)
    by_name = {allele.name: allele for allele in definition.alleles}
    assert phenotype(definition, [by_name[each] for each in diplotype], scheme) is expected


@pytest.mark.parametrize("name", GENES)
def test_a_gene_without_functions_by_cpic_has_no_phenotype(library: ReferenceLibrary, name: str) -> None:
    definition = gene(library, name)
    assert definition.has_cpic_function == bool(definition.phenotypes) == (name in WITH_PHENOTYPES)
    if name in WITHOUT_PHENOTYPES:
        assert {allele.function for allele in definition.alleles} == {"Unknown function"}


def test_ugt1a4_star_3a_is_open_at_its_silent_sites(library: ReferenceLibrary) -> None:
    star_3a = next(allele for allele in gene(library, "UGT1A4").alleles if allele.name == "*3A")
    assert "".join(star_3a.bases.values()) == "TAGYRY"


@pytest.mark.parametrize(
    ("name", "alleles", "identifier", "bases"),
    [
        ("UGT2B7", ("*2", "*1"), "UGT2B7:69098620", ("T", "C")),
        ("UGT2B15", ("*2", "*1"), "UGT2B15:68670366", ("A", "C")),
        ("CYP1A2", ("*1A", "*1F"), "CYP1A2:74749576", ("C", "A")),
        ("UGT1A4", ("*1", "*3B"), "UGT1A4:233718962", ("T", "G")),
    ],
)
def test_where_the_assembly_has_another_allele_than_star_1(
    library: ReferenceLibrary, name: str, alleles: tuple[str, str], identifier: str, bases: tuple[str, str]
) -> None:
    definition = gene(library, name)
    assert definition.reference.name == alleles[0]
    assert definition.reference.bases[identifier] == bases[0] == site(library, "GRCh37", identifier).ref
    assert next(allele for allele in definition.alleles if allele.name == alleles[1]).bases[identifier] == bases[1]


def test_only_cyp2d6_needs_copy_number(library: ReferenceLibrary) -> None:
    assert [name for name in GENES if gene(library, name).copy_number_matters] == ["CYP2D6"]


def test_variants_name_their_effect_allele_on_the_plus_strand(library: ReferenceLibrary) -> None:
    variants = {variant.id: variant for variant in library.variants}
    assert len(variants) == 57
    effects = {key: variants[key].effect_allele for key in ("rs6265", "rs4680", "rs1954787", "rs2032582", "rs6295")}
    assert effects == {"rs6265": "T", "rs4680": "A", "rs1954787": "C", "rs2032582": None, "rs6295": None}
    assert {key for key, variant in variants.items() if variant.palindromic} == {"rs988748", "rs6295", "rs28386840", "rs2020933"}


def test_the_grch38_base_is_the_effect_allele_where_the_literature_states_so(library: ReferenceLibrary) -> None:
    grch38 = library.sites[Assembly.GRCH38]
    turned = {v.id for v in library.variants if v.site is not None and v.effect_allele == grch38[v.site].ref}
    assert {"rs1360780", "rs3800373", "rs7997012", "rs2242446", "rs28386840"} <= turned


def test_what_cannot_be_read_from_small_variants_states_why(library: ReferenceLibrary) -> None:
    without = {variant.id: variant.note for variant in library.variants if variant.site is None}
    assert {"5-HTTLPR", "rs10245483", "rs7430", "rs10868223"} <= set(without)
    assert all(without.values())


def test_a_release_and_its_digest_are_named(library: ReferenceLibrary) -> None:
    assert library.release == "2026.13"
    assert len(library.digest) == 64
