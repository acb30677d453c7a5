"""Faults introduced into a valid Bundle: the checker has to report each of them."""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy

from validation.fhir.guide import Json

Mutation = Callable[[Json], None]


def mutated(bundle: Json) -> Iterator[tuple[str, Json]]:
    """Yield the name of each fault, and the Bundle with it."""
    for name, plant in MUTATIONS.items():
        copy = deepcopy(bundle)
        plant(copy)
        assert copy != bundle, name  # noqa: S101 - a fault that changes nothing would pass for one that is missed
        yield name, copy


def _first(bundle: Json, profile: str) -> Json:
    """Return the first resource of the Bundle that claims a profile, or that has a type."""
    resources = (entry["resource"] for entry in bundle["entry"])
    urls = ((one, one.get("meta", {}).get("profile", [one["resourceType"]])) for one in resources)
    return next(one for one, claimed in urls if claimed[0].rpartition("/")[2] == profile)


def _set(profile: str, **elements: object) -> Mutation:
    """Return a mutation that sets elements of the first resource of a profile; ``None`` removes one."""

    def plant(bundle: Json) -> None:
        resource = _first(bundle, profile)
        for name, value in elements.items():
            if value is None:
                del resource[name]
            else:
                resource[name] = value

    return plant


def _component(bundle: Json, profile: str, code: str) -> Json:
    components = (part for entry in bundle["entry"] for part in _components(entry["resource"], profile))
    return next(part for part in components if part["code"]["coding"][0]["code"] == code)


def _components(resource: Json, profile: str) -> list[Json]:
    claimed = resource.get("meta", {}).get("profile", [""])
    return resource.get("component", []) if claimed[0].endswith(f"/{profile}") else []


def _text_for_drug(bundle: Json) -> None:
    part = _component(bundle, "therapeutic-implication", "51963-7")
    part["valueString"] = part.pop("valueCodeableConcept")["text"]


def _other_system(bundle: Json) -> None:
    _component(bundle, "variant", "81290-9")["valueCodeableConcept"]["coding"][0]["system"] = "http://example.org/hgvs"


def _second_conclusion(bundle: Json) -> None:
    genotype = _first(bundle, "genotype")
    genotype["component"] += [part for part in genotype["component"] if "valueString" in part]


def _code_as_value(bundle: Json) -> None:
    genotype = _first(bundle, "genotype")
    genotype["component"].append({"code": genotype["code"], "valueString": "again"})


def _wrong_target(bundle: Json) -> None:
    _first(bundle, "medication-recommendation")["reasonReference"] = {"reference": f"urn:uuid:{_first(bundle, 'genotype')['id']}"}


def _no_entry(bundle: Json) -> None:
    _first(bundle, "therapeutic-implication")["derivedFrom"] = [{"reference": "urn:uuid:00000000-0000-4000-8000-000000000000"}]


def _empty_region(bundle: Json) -> None:
    extensions = _first(bundle, "genomic-study-analysis")["extension"]
    regions = next(one for one in extensions if one["url"].endswith("regions"))
    next(one for one in regions["extension"] if one["url"] == "studied").pop("valueCodeableConcept")


def _value_and_parts(bundle: Json) -> None:
    extension = _first(bundle, "genomic-report")["extension"][0]
    extension["extension"] = [{"url": "http://example.org/part", "valueString": "part"}]


def _same_address(bundle: Json) -> None:
    bundle["entry"].append(deepcopy(bundle["entry"][-1]))


def _laboratory_alone(bundle: Json) -> None:
    variant = _first(bundle, "variant")
    variant["category"] = variant["category"][:1]


def _answer(code: str) -> Json:
    return {"coding": [{"system": "http://loinc.org", "code": code}]}


MUTATIONS: Mapping[str, Mutation] = {
    # R4 itself
    "no status": _set("genotype", status=None),
    "an unknown element": _set("Patient", nickname="A"),
    "a time that is none": _set("genomic-report", issued="yesterday"),
    "a status that is none": _set("genotype", status="finished"),
    # profiles
    "a genotype without a value": _set("genotype", valueCodeableConcept=None),
    "a variant with an answer of another list": _set("variant", valueCodeableConcept=_answer("LA6706-1")),
    "an implication with a value": _set("therapeutic-implication", valueString="poor"),
    "an implication of nothing": _set("therapeutic-implication", derivedFrom=None),
    "an observation that is not of genetics": _laboratory_alone,
    "a report of another code": _set("genomic-report", code=_answer("11502-2")),
    "a report without a category": _set("genomic-report", category=None),
    "a report over a period": _set("genomic-report", effectivePeriod={"start": "2026-01-01"}),
    "a task that was accepted": _set("medication-recommendation", status="accepted"),
    "a task that is an order": _set("medication-recommendation", intent="order"),
    "a task of another list": _set("medication-recommendation", code=_answer("LA6677-4")),
    "a task for a genotype": _wrong_target,
    "an analysis that goes on": _set("genomic-study-analysis", status="in-progress"),
    "a region without a value": _empty_region,
    "a drug that is a text": _text_for_drug,
    "a description of another system": _other_system,
    "two conclusions": _second_conclusion,
    # invariants
    "a value and its absence": _set("genotype", dataAbsentReason={"text": "not known"}),
    "a component with the code of the whole": _code_as_value,
    "an extension with a value and with parts": _value_and_parts,
    "two entries of one address": _same_address,
    # references
    "a reference to nothing": _no_entry,
}
