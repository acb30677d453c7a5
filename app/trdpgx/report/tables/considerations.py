"""A row for each consideration of each report."""

from trdpgx.model.consideration import Consideration
from trdpgx.report.tables.column import Column, ReportTable

CONSIDERATIONS: ReportTable[Consideration] = ReportTable(
    "considerations",
    "One row a consideration of one source. Sources are never merged.",
    (
        Column("id", "text", "id within the report", lambda one: one.id),
        Column("rule_id", "text", "the rule that holds", lambda one: one.rule_id),
        Column("domain", "text", "`pharmacokinetic`, `pharmacodynamic`, `rare_variant` or `clinical`", lambda one: one.domain),
        Column("drugs", "texts", "drugs that it is about", lambda one: one.drugs),
        Column("genes", "texts", "genes that the rule asks about", lambda one: one.genes),
        Column("trigger", "text", "what made the rule hold", lambda one: one.trigger),
        Column("implications", "texts", "codes of what the result may mean", lambda one: one.implication.codes),
        Column("actions", "texts", "codes of what could be considered; never an instruction", lambda one: one.action.codes),
        Column("directions", "texts", "which ways the actions point", lambda one: one.action.directions),
        Column("text", "text", "the whole in sentences", lambda one: one.text),
        Column("source", "text", "who states it", lambda one: one.source.name),
        Column("source_year", "integer", "year of that statement", lambda one: one.source.year, null="not known"),
        Column("source_grade", "text", "the source's own grade", lambda one: one.evidence.source_grade, null="the source gives none"),
        Column("verdict", "text", "what kind of statement it is", lambda one: one.verdict.value),
        Column("strength", "text", "strength of the evidence, by the evidence policy", lambda one: one.evidence.strength.value),
        Column("conflict", "text", "what contradicts what", lambda one: one.evidence.conflict, null="nothing is known to contradict it"),
        Column("verification", "text", "whether the rule was read in its source", lambda one: one.evidence.verification.state.value),
        Column("population", "text", "for whom the source states it", lambda one: one.population, null="not stated"),
        Column("holds_for", "text", "`all` or `some` of the possible diplotypes", lambda one: one.basis.holds_for),
        Column(
            "only_if_hidden",
            "boolean",
            "whether it holds only if an allele is carried that was not seen",
            lambda one: one.basis.only_if_hidden,
        ),
        Column("open_genes", "texts", "genes of the rule whose phenotype is open", lambda one: one.basis.open_genes),
        Column(
            "conversion_causes",
            "texts",
            "drugs or `smoking` under which alone it holds",
            lambda one: one.conversion.causes if one.conversion else (),
        ),
    ),
    lambda report: report.considerations,
)
