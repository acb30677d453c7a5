"""The review that the project starts from, statement by statement, and what carries each: the text of ``docs/coverage.md``."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from trdpgx.knowledge.rules.evidence_policy import policy_named
from trdpgx.knowledge.rules.schema.top_files import ReviewFile, Statement
from trdpgx.model.evidence import Citation, EvidenceItem
from trdpgx.model.library import RuleLibrary
from trdpgx.model.rule import Entry, Rule

_HEAD = """# What the review states, and what carries it

Made by `trdpgx rules coverage` from `rules/review.yaml` and the rules;
a test holds the two together.
Each row is a statement of the review about a gene, a drug or a therapy, in our own words,
with every rule that carries it and how strong its evidence is, or the entry that gives the reason
why there is no rule.
The review:
{citation}.

{statements} statements, carried by {rules} rules and {entries} entries.
"""

_COLUMNS = ("the review states", "carried by", "authority or `evidence`, or why there is no rule", "who was read")
_MOST_CITED = 4


def coverage(review: ReviewFile, library: RuleLibrary) -> str:
    """Return the document in Markdown. Every id of the review must be known (``trdpgx rules check`` sees to that)."""
    rules = {rule.id: rule for rule in library.rules}
    entries = {entry.id: entry for entry in library.entries}
    named = {name for statement in review.statements for name in statement.carried_by}
    citation = library.citations[review.citation]
    head = _HEAD.format(
        citation=f"[{citation.text}](https://doi.org/{citation.doi})",
        statements=len(review.statements),
        rules=len(named & rules.keys()),
        entries=len(named & entries.keys()),
    )
    lines = [head]
    for section, statements in groupby(review.statements, key=lambda statement: statement.section):
        lines += [f"## {section}", "", f"| {' | '.join(_COLUMNS)} |", "|---|---|---|---|"]
        for statement in statements:
            lines += _rows(statement, rules, entries, library.policy)
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _rows(statement: Statement, rules: dict[str, Rule], entries: dict[str, Entry], policy: str) -> Iterator[str]:
    text = statement.text
    for name in statement.carried_by:
        rule = rules.get(name)
        if rule is not None:
            strength = policy_named(policy).grade(rule.evidence, rule.verification, rule.grade)[0]
            evidence = f"{rule.source.name} {rule.grade}" if rule.authority else f"`{strength}`"
            yield f"| {text} | [{name}](../rules/{rule.file}#L{rule.line}) | {evidence} | {_cited(rule.evidence)} |"
        else:
            entry = entries[name]
            reason = entry.reason.replace("_", " ")
            yield f"| {text} | [{name}](../rules/{entry.file}#L{entry.line}) | no rule: {reason} | {_cited(entry.evidence)} |"
        text = ""


def _cited(items: Sequence[EvidenceItem]) -> str:
    """Return the studies and guidelines in short, linked by PMID or DOI; of many the first few and how many more."""
    labels = [_link(citation) for citation in dict.fromkeys(item.citation for item in items)]
    more = [f"{len(labels) - _MOST_CITED + 1} more"] if len(labels) > _MOST_CITED else []
    return ", ".join((*labels[: _MOST_CITED - len(more)], *more))


def _link(citation: Citation) -> str:
    label = citation.label or citation.id
    if citation.pmid:
        return f"[{label}](https://pubmed.ncbi.nlm.nih.gov/{citation.pmid}/)"
    return f"[{label}](https://doi.org/{citation.doi})" if citation.doi else label
