"""Codes that a required binding allows, as far as they are known offline: the guide's own value sets, and lists of R4 and of LOINC.

LOINC's lists are not public; of these, only members that examples of the guide or other public pages have are listed.
"""

from collections.abc import Iterator

from validation.fhir.guide import Guide, Json

_LOINC = "http://loinc.org"
_R4 = "http://hl7.org/fhir/ValueSet/"
_REQUEST = "draft requested received accepted rejected ready cancelled in-progress on-hold failed completed entered-in-error"
_OBSERVATION = "registered preliminary final amended corrected cancelled entered-in-error unknown"
_REPORT = "registered partial preliminary final amended corrected appended cancelled entered-in-error unknown"
_EVENT = "preparation in-progress not-done on-hold stopped completed entered-in-error unknown"
_INTENT = "unknown proposal plan order original-order reflex-order filler-order instance-order option"
_ARTIFACT = "documentation justification citation predecessor successor derived-from depends-on composed-of"

PLAIN = {
    f"{_R4}observation-status": _OBSERVATION,
    f"{_R4}diagnostic-report-status": _REPORT,
    f"{_R4}event-status": _EVENT,
    f"{_R4}task-status": _REQUEST,
    f"{_R4}task-intent": _INTENT,
    f"{_R4}request-priority": "routine urgent asap stat",
    f"{_R4}narrative-status": "generated extensions additional empty",
    f"{_R4}related-artifact-type": _ARTIFACT,
}
_CHROMOSOMES = "540 557 565 573 581 599 607 615 623 631 649 656 664 672 680 698 706 714 722 730 748 755 763 771"
ANSWERS = {
    "http://loinc.org/vs/LL2938-0": {f"LA212{code[:2]}-{code[2]}" for code in _CHROMOSOMES.split()},
    "http://loinc.org/vs/LL1971-2": {"LA9633-4", "LA9634-2", "LA18198-4", "LA11884-6"},
    "http://loinc.org/vs/LL4049-4": {"LA26421-0", "LA26422-8", "LA26423-6"},
}


def problem(guide: Guide, value_set: str, value: Json | str) -> str | None:
    """Return what is wrong with a value under a required binding, ``None`` where nothing is or the value set is not known."""
    address = value_set.partition("|")[0]
    if isinstance(value, str):
        return None if address not in PLAIN or value in PLAIN[address].split() else f"{value} is not in {address}"
    codings = value.get("coding", [value] if "code" in value else [])
    allowed = {*_members(guide, address)}
    if not allowed:
        return None
    known = any((coding.get("system"), coding.get("code")) in allowed or (coding.get("system"), None) in allowed for coding in codings)
    return None if known else f"no code of {address}"


def _members(guide: Guide, address: str) -> Iterator[tuple[str, str | None]]:
    """Yield system and code of each member; a code of ``None`` stands for the whole system."""
    for code in ANSWERS.get(address, ()):
        yield _LOINC, code
    for include in guide.value_sets.get(address, {}).get("compose", {}).get("include", []):
        codes = [one["code"] for one in include.get("concept", [])] or [None]
        for code in codes:
            yield include["system"], code
