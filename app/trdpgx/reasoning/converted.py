"""Considerations that hold under current drugs and smoking and not by genotype alone, marked as resting on a conversion.

What a source states of people with a phenotype is repeated for the phenotype after conversion. The conversion is a convention and not the
source's own advice, so that nothing of this is guideline advice. A drug is never considered under a conversion that it causes itself.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from trdpgx.clinical.conversion_methods import DiplotypeReading, Outcome
from trdpgx.clinical.enzyme_causes import strongest
from trdpgx.clinical.phenoconversion import Conversion, conversion, terms
from trdpgx.knowledge.rules.schema.enzyme_effects import EnzymeEffectFile
from trdpgx.knowledge.rules.schema.phenoconversion import AskedForRow, PhenoconversionFile
from trdpgx.model.activity import ActivityRange
from trdpgx.model.composed import PartKind, TextPart, joined
from trdpgx.model.consideration import Consideration, ConversionBasis
from trdpgx.model.evidence import VerificationState
from trdpgx.model.gene import Phenotype, PhenotypeTable, Scheme
from trdpgx.model.gene_report import DiplotypeReport, GeneReport, HiddenReading
from trdpgx.model.library import Knowledge
from trdpgx.model.patient import Patient
from trdpgx.model.rule import ActivityCondition, Direction, PhenotypeCondition
from trdpgx.model.variant_report import VariantReport
from trdpgx.reasoning.considerations import consider
from trdpgx.reasoning.importance import RESEARCH
from trdpgx.reasoning.prepared import Case, PreparedRules
from trdpgx.texts import both, phrase


def consider_converted(
    rules: PreparedRules,
    knowledge: Knowledge,
    patient: Patient,
    genes: Sequence[GeneReport],
    variants: Sequence[VariantReport],
    *,
    by_genotype: Sequence[Consideration],
) -> tuple[tuple[Consideration, ...], Mapping[str, frozenset[str]]]:
    """Return the considerations that conversion adds to those by genotype, numbered after them; and the rules that hold both ways.

    The latter are ids of rules by drug: what they state of the genotype is not repeated, and holds under current drugs as well.
    """
    person = _UnderDrugs(rules, knowledge, genes, variants, patient)
    certain = {one.rule_id for one in by_genotype if one.basis.holds_for == "all"}
    whole = person.conversions(frozenset())
    causes = {cause.name for made in whole.values() for cause in made.causes}
    found: list[Consideration] = []
    components = knowledge.rulebook.patient_names.components
    for one in person.considered(whole):
        drugs = tuple(drug for drug in one.drugs if not causes & {drug, *components.get(drug, ())})
        found += [one.copy_with(drugs=drugs)] if drugs else []
    named = dict.fromkeys(drug for rule in knowledge.rulebook.rules for drug in rule.drugs)
    for drug in named:
        own = frozenset({drug, *components.get(drug, ())})
        if causes & own:
            without = person.conversions(own)
            found += [one.copy_with(drugs=(drug,)) for one in person.considered(without) if drug in one.drugs]
    kept = [one for one in found if one.rule_id not in certain]
    both_ways: dict[str, set[str]] = {}
    for one in found:
        if one.rule_id in certain and one.basis.holds_for == "all":
            for drug in one.drugs:
                both_ways.setdefault(drug, set()).add(one.rule_id)
    added = tuple(one.copy_with(id=f"C{number:03d}") for number, one in enumerate(kept, len(by_genotype) + 1))
    return added, {drug: frozenset(rules) for drug, rules in both_ways.items()}


class _UnderDrugs(Struct, frozen=True):
    rules: PreparedRules
    knowledge: Knowledge
    genes: Sequence[GeneReport]
    variants: Sequence[VariantReport]
    patient: Patient

    def conversions(self, without: frozenset[str]) -> Mapping[str, Conversion]:
        """Return the conversions that change a gene by a usual method, with the causes that are left without some drugs.

        Considerations rest on lists that were read; a cause of another list must not take away what holds by the others.
        """
        made = {gene.gene: self._by_read_lists(gene, without) for gene in self.genes}
        changed = (one for one in made.values() if one is not None and any(map(one.changes, _usual(one, self.knowledge))))
        return {one.gene: one for one in changed}

    def _by_read_lists(self, gene: GeneReport, without: frozenset[str]) -> Conversion | None:
        made = conversion(gene, self.patient, self.knowledge.rulebook, without)
        unread = frozenset(cause.name for cause in made.causes if not _is_read(cause.listed[0], self.knowledge)) if made else frozenset()
        return conversion(gene, self.patient, self.knowledge.rulebook, without | unread) if unread else made

    def considered(self, conversions: Mapping[str, Conversion]) -> Iterator[Consideration]:
        """Yield what holds for the converted genes, each with what it rests on."""
        if not conversions:
            return
        cases = tuple(case for case in self.rules.cases if _asks(case, conversions))
        genes = [_converted(gene, conversions[gene.gene], self.knowledge) if gene.gene in conversions else gene for gene in self.genes]
        several = phrase("converted.diplotypes_methods_or_lists")
        for one in consider(replace(self.rules, cases=cases), genes, self.variants, several=several):
            concerned = [conversions[name] for name in one.genes if name in conversions]
            if concerned and _is_guidance(one, self.knowledge):
                yield _marked(one, concerned, self.knowledge)


def _usual(made: Conversion, knowledge: Knowledge) -> tuple[Outcome, ...]:
    """Return the outcomes that considerations may rest on: by usual methods, and by lists that were read."""
    if not made.outcomes:
        return ()
    return (*made.outcomes, *(one for one in made.beside if one.row.usual and one.list_key and _is_read(one.list_key, knowledge)))


def _is_read(name: str, knowledge: Knowledge) -> bool:
    """Return whether a list of effects on enzymes was read in its source."""
    lists = knowledge.rulebook.clinical.of(EnzymeEffectFile).lists
    return name in lists and lists[name].read


def _is_guidance(one: Consideration, knowledge: Knowledge) -> bool:
    """Return whether a source of guidance points anywhere: research, and "no advice", are not repeated."""
    actions = [knowledge.rulebook.actions[code] for code in one.action.codes]
    return one.source.name != RESEARCH and any(action.headline or action.direction is not Direction.NONE for action in actions)


def _asks(case: Case, conversions: Mapping[str, Conversion]) -> bool:
    """Return whether rules ask about a phenotype or a score that conversion changes."""
    return any(isinstance(one, PhenotypeCondition | ActivityCondition) and one.gene in conversions for one in case.when)


def _marked(one: Consideration, conversions: Sequence[Conversion], knowledge: Knowledge) -> Consideration:
    names = tuple(dict.fromkeys(cause.name for made in conversions for cause in made.causes))
    outcomes = [outcome for made in conversions for outcome in _usual(made, knowledge)]
    genes = tuple(made.gene for made in conversions)
    lead = phrase("converted.conversion_not_genotype_alone", genes=both(genes), names=both(names))
    asked = _asked_for(one, conversions, knowledge)
    if asked:
        how = phrase("converted.as_the_source_asks", source=one.source.name, stated=" ".join(asked).rstrip("."))
    else:
        how = phrase("converted.convention_no_guideline_advice")
    text = phrase("converted.people_phenotype_states", lead=lead, how=how, source=one.source.name, text=one.text)
    parts = (TextPart(PartKind.CONVERTED, f"{lead}.", asked), *one.basis.parts)
    basis = one.basis.copy_with(text=joined(parts)).with_parts(parts)
    return one.copy_with(
        text=text,
        basis=basis,
        conversion=ConversionBasis(
            genes=genes,
            causes=names,
            methods=tuple(dict.fromkeys(f"{outcome.key} ({outcome.row.version})" for outcome in outcomes)),
            guideline=bool(asked),
            text=" ".join(_sentence(made, knowledge) for made in conversions),
        ),
    )


def _asked_for(one: Consideration, conversions: Sequence[Conversion], knowledge: Knowledge) -> tuple[str, ...]:
    """Return what the source itself asks for under such inhibitors, sentence by sentence; empty unless it does for all the drugs named."""
    strengths = {made.gene: strongest(made.causes, "inhibitor") for made in conversions}
    rows = knowledge.rulebook.clinical.of(PhenoconversionFile).asked_for.values()
    asked = {row.drug: _note(row) for row in rows if row.source == one.source.name and strengths.get(row.enzyme) in row.classes}
    return tuple(dict.fromkeys(asked[drug] for drug in one.drugs)) if asked.keys() >= {*one.drugs} else ()


def _note(row: AskedForRow) -> str:
    """Return what a source asks for, marked where that was not read in the source."""
    unread = row.verification.state is VerificationState.UNVERIFIED
    return phrase("converted.unverified_note", note=row.note.rstrip(".")) if unread else row.note


def _sentence(made: Conversion, knowledge: Knowledge) -> str:
    effects = knowledge.rulebook.clinical.of(EnzymeEffectFile)
    phenotypes = dict.fromkeys(phenotype for outcome in _usual(made, knowledge) for phenotype in outcome.phenotypes)
    return phrase(
        "converted.counts_as",
        gene=made.gene,
        phenotypes=terms(tuple(phenotypes)),
        causes=" ".join(cause.text(effects) for cause in made.causes),
    )


def _converted(gene: GeneReport, made: Conversion, knowledge: Knowledge) -> GeneReport:
    """Return the gene with its diplotypes as every usual method and list reads them."""
    tables = knowledge.reference.genes[gene.gene].phenotypes
    bands = knowledge.rulebook.activity.get(gene.gene, {})
    originals = {diplotype.name: diplotype for diplotype in gene.diplotypes}
    diplotypes: list[DiplotypeReport] = []
    hidden: list[HiddenReading] = []
    for outcome in _usual(made, knowledge):
        effects = knowledge.rulebook.clinical.of(EnzymeEffectFile)
        entry = effects.lists.get(outcome.list_key or "")
        suffix = phrase(
            "converted.by_method", method=outcome.key, by_class=phrase("converted.by_class", source=entry.name) if entry else ""
        )
        for before, after in zip(made.readings, outcome.readings, strict=True):
            original = originals.get(before.name)
            if before == after and original is not None and not before.hidden:
                diplotypes.append(original.copy_with(name=phrase("converted.unchanged", diplotype=original.name, method=outcome.key)))
                continue
            for phenotypes, score in _schemes(after, tables, bands):
                unnamed = phrase("converted.phenotype_alone") if before.phenotypes else phrase("converted.any_diplotype")
                name = f"{before.name or unnamed}{suffix}"
                if before.hidden:
                    hidden.append(HiddenReading(phenotypes=phenotypes, activity_score=score, diplotypes=(name,)))
                else:
                    diplotypes.append(_diplotype(name, before.name, original, phenotypes, score))
    read = [*(one.phenotypes for one in diplotypes), *(one.phenotypes for one in hidden)]
    same = all(phenotypes == read[0] for phenotypes in read)
    # where every method gives the same for any genotype, no number of copies is presumed
    settled = all(outcome.for_any_genotype for outcome in _usual(made, knowledge))
    return gene.copy_with(
        copy_number=gene.copy_number.copy_with(activity_score_range=(0.0, 0.0)) if settled else gene.copy_number,
        diplotypes=tuple(diplotypes),
        hidden_readings=() if same else tuple(hidden),
        phenotype_open=gene.phenotype_open and bool(hidden) and not same,
    )


def _diplotype(
    name: str, before: str, original: DiplotypeReport | None, phenotypes: dict[Scheme, Phenotype], score: float | None
) -> DiplotypeReport:
    return DiplotypeReport(
        name=name,
        alleles=original.alleles if original else tuple(before.split("/")) if before else (),
        functions=original.functions if original else (),
        activity_score=score,
        phenotype=phenotypes.get(Scheme.CPIC),
        phenotypes=phenotypes,
        phased=original.phased if original else False,
    )


def _schemes(
    reading: DiplotypeReading, tables: Mapping[Scheme, PhenotypeTable], bands: Mapping[Phenotype, ActivityRange]
) -> Iterator[tuple[dict[Scheme, Phenotype], float | None]]:
    """Yield the phenotypes by each scheme that a reading after conversion allows, with its score where that is one."""
    for phenotype in reading.phenotypes:
        band = bands.get(phenotype)
        scores = [] if reading.scores is None or band is None else [part for part in reading.scores.split((band,)) if band.covers(part)]
        if not scores:
            yield {scheme: phenotype if scheme is Scheme.CPIC else _of_scheme(phenotype, table) for scheme, table in tables.items()}, None
        for part in scores:
            others: dict[Scheme, tuple[Phenotype, ...]] = {
                scheme: _in_bands(part, table, phenotype) for scheme, table in tables.items() if scheme != Scheme.CPIC
            }
            for by_other in _each(others):
                yield {Scheme.CPIC: phenotype, **by_other}, part.low[0] if part.low == part.high else None


def _in_bands(scores: ActivityRange, table: PhenotypeTable, phenotype: Phenotype) -> tuple[Phenotype, ...]:
    return tuple(band.phenotype for band in table.bands if band.scores.meets(scores)) or (_of_scheme(phenotype, table),)


def _each(others: Mapping[Scheme, tuple[Phenotype, ...]]) -> Iterable[dict[Scheme, Phenotype]]:
    made: list[dict[Scheme, Phenotype]] = [{}]
    for scheme, phenotypes in others.items():
        made = [{**one, scheme: phenotype} for one in made for phenotype in phenotypes]
    return made


def _of_scheme(phenotype: Phenotype, table: PhenotypeTable) -> Phenotype:
    """Return a phenotype of CPIC in the words of another scheme: one without rapid metabolizers calls them normal."""
    has = table.phenotypes
    if phenotype in has:
        return phenotype
    return Phenotype.NM if phenotype is Phenotype.RM and Phenotype.NM in has else Phenotype.INDETERMINATE
