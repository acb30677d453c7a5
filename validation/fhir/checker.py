"""Check a resource against the snapshot of each profile that it claims.

It checks cardinalities, types of choices, fixed values and patterns, slices (by value, by ``url`` and by profile), extensions, targets of
references through the Bundle, and required bindings whose codes are known offline. It does not check invariants and primitive formats
(``base.py`` does), terminology on a server, or profiles of other guides.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from validation.fhir import codes
from validation.fhir.guide import Guide, Json, Profile
from validation.fhir.references import Resolver

_CORE = "http://hl7.org/fhir/StructureDefinition/"


@dataclass(frozen=True)
class ProfileFault:
    """One fault: where it is, and what is wrong."""

    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}"


def check(guide: Guide, resource: Json, elsewhere: Mapping[str, Json] | None = None) -> list[ProfileFault]:
    """Return the faults of a resource, or of a Bundle and each of its entries; ``elsewhere`` are resources that references may lead to."""
    return [*_check(guide, resource, Resolver.of(resource, elsewhere or {}), resource.get("resourceType", "?"))]


def _check(guide: Guide, resource: Json, resolver: Resolver, path: str) -> Iterator[ProfileFault]:
    if resource.get("resourceType") == "Bundle":
        inner = Resolver.of(resource, resolver.elsewhere)
        for number, entry in enumerate(resource.get("entry", [])):
            one = entry.get("resource", {})
            yield from _check(guide, one, inner, f"entry[{number}].{one.get('resourceType', '?')}")
        return
    yield from _dangling(resource, resolver, path)
    for url in resource.get("meta", {}).get("profile", []):
        profile = guide.profiles.get(url.partition("|")[0])
        if profile is None:
            continue
        if profile.type != resource["resourceType"]:
            yield ProfileFault(path, f"{url} is a profile of {profile.type}")
            continue
        yield from _Walk(guide, resolver, profile).element(profile.type, resource, path)


def _dangling(value: Any, resolver: Resolver, path: str) -> Iterator[ProfileFault]:
    """Yield references by UUID that lead to no entry: nothing outside of a Bundle can have such an address."""
    if isinstance(value, dict):
        reference = value.get("reference")
        if isinstance(reference, str) and reference.startswith("urn:uuid:") and resolver.find(reference) is None:
            yield ProfileFault(path, f"{reference} is no entry of the Bundle")
        for part in value.values():
            yield from _dangling(part, resolver, path)
    elif isinstance(value, list):
        for part in value:
            yield from _dangling(part, resolver, path)


@dataclass(frozen=True)
class _Walk:
    """A walk through one profile along one resource."""

    guide: Guide
    resolver: Resolver
    profile: Profile
    seen: set[str] = field(default_factory=set)

    def element(self, name: str, value: Any, path: str) -> Iterator[ProfileFault]:
        """Yield the faults of a value by the element ``name`` and by all that is below it."""
        definition = self.profile.elements[name]
        yield from self._value(definition, value, path)
        below = self.profile.children.get(name, ())
        if isinstance(value, dict) and below:
            known = set()
            for child in below:
                pairs = [*_values(child, self.profile.elements[child], value)]
                known.update(key for key, _ in pairs)
                yield from self._child(child, [one for _, one in pairs], f"{path}.{child.rpartition('.')[2]}")
            unknown = [key for key in value if key not in known and not key.startswith("_") and key != "resourceType"]
            yield from (ProfileFault(path, f"{key} is no element here") for key in unknown)

    def _child(self, child: str, values: Sequence[Any], path: str) -> Iterator[ProfileFault]:
        definition = self.profile.elements[child]
        yield from _cardinality(definition, len(values), path)
        for value in values:
            yield from self.element(child, value, path)
        for name in self.profile.slices.get(child, ()):
            mine = [value for value in values if self._in_slice(child, name, value)]
            label = f"{path}:{name.rpartition(':')[2]}"
            yield from _cardinality(self.profile.elements[name], len(mine), label)
            for value in mine:
                yield from self.element(name, value, label)

    def _in_slice(self, child: str, name: str, value: Any) -> bool:
        """Return whether a value belongs to a slice, by the discriminators of its element."""
        slicing = self.profile.elements[child].get("slicing", {})
        discriminators = slicing.get("discriminator") or [{"type": "value", "path": "url"}]
        return all(self._discriminated(name, one["type"], one["path"], value) for one in discriminators)

    def _discriminated(self, name: str, kind: str, path: str, value: Any) -> bool:
        definition = self.profile.elements[name]
        if kind == "type":
            return True  # `_values` has chosen by type already: a slice by type has the only type that is there
        if kind == "profile":
            target = self.resolver.find(value.get("reference", "")) if isinstance(value, dict) else None
            return target is not None and any(self._is_target(target, url) for url in _targets(definition))
        if path == "url":
            urls = [url for one in definition.get("type", []) for url in one.get("profile", [])]
            below = self.profile.elements.get(f"{name}.url", {})
            return bool(value.get("url") in (urls or [below.get("fixedUri")]))
        below = self.profile.elements.get(f"{name}.{path}", {})
        wanted = next((part for key, part in below.items() if key.startswith(("pattern", "fixed"))), None)
        part = value.get(path) if isinstance(value, dict) else None
        return wanted is not None and any(_matches(wanted, one) for one in (part if isinstance(part, list) else [part]))

    def _value(self, definition: Json, value: Any, path: str) -> Iterator[ProfileFault]:
        for key, wanted in definition.items():
            if key.startswith("pattern") and not _matches(wanted, value):
                yield ProfileFault(path, f"does not have the pattern {wanted}")
            if key.startswith("fixed") and value != wanted:
                yield ProfileFault(path, f"is not {wanted}")
        binding = definition.get("binding", {})
        if binding.get("strength") == "required" and isinstance(value, str | dict):
            problem = codes.problem(self.guide, binding.get("valueSet", ""), value)
            if problem:
                yield ProfileFault(path, problem)
        if isinstance(value, dict):
            yield from self._typed(definition, value, path)

    def _typed(self, definition: Json, value: Json, path: str) -> Iterator[ProfileFault]:
        """Yield faults by the profiles of the element's type: of an extension or data type, or of what a reference leads to."""
        for url in (url for one in definition.get("type", []) for url in one.get("profile", [])):
            profile = self.guide.profiles.get(url)
            if profile is not None:
                yield from _Walk(self.guide, self.resolver, profile).element(profile.type, value, path)
        if definition.get("type", [{}])[0].get("code") == "Extension" and value.get("url") in self.guide.profiles:
            profile = self.guide.profiles[value["url"]]
            yield from _Walk(self.guide, self.resolver, profile).element("Extension", value, path)
        allowed = [*_targets(definition)]
        target = self.resolver.find(value["reference"]) if allowed and isinstance(value.get("reference"), str) else None
        if target is not None and not any(self._is_target(target, url) for url in allowed):
            names = " or ".join(url.rpartition("/")[2] for url in allowed)
            yield ProfileFault(path, f"leads to {target.get('resourceType')}, and {names} is wanted")

    def _is_target(self, target: Json, url: str) -> bool:
        if url.startswith(_CORE):
            return url.removeprefix(_CORE) in {"Resource", target.get("resourceType")}
        claimed = target.get("meta", {}).get("profile", [])
        return any(url in self.guide.lineage(one.partition("|")[0]) for one in claimed)


def _values(name: str, definition: Json, value: Json) -> Iterator[tuple[str, Any]]:
    """Yield the key and each value that an element has in a resource; a choice (``value[x]``) in any of the types that it allows."""
    last = name.rpartition(".")[2]
    keys = [last]
    if last.endswith("[x]"):
        stem = last.removesuffix("[x]")
        keys = [f"{stem}{code[:1].upper()}{code[1:]}" for code in (one["code"] for one in definition.get("type", []))]
    for key in keys:
        if key in value:
            part = value[key]
            yield from ((key, one) for one in (part if isinstance(part, list) else [part]))


def _cardinality(definition: Json, count: int, path: str) -> Iterator[ProfileFault]:
    least, most = definition.get("min", 0), definition.get("max", "*")
    if count < least:
        yield ProfileFault(path, f"{count} where at least {least} is wanted")
    if most != "*" and count > int(most):
        yield ProfileFault(path, f"{count} where at most {most} is allowed")


def _targets(definition: Json) -> Iterable[str]:
    return (url for one in definition.get("type", []) if one["code"] == "Reference" for url in one.get("targetProfile", []))


def _matches(wanted: Any, value: Any) -> bool:
    """Return whether a value has everything that a pattern requires (FHIR R4, ElementDefinition.pattern[x])."""
    if isinstance(wanted, dict):
        return isinstance(value, dict) and all(_matches(part, value.get(key)) for key, part in wanted.items())
    if isinstance(wanted, list):
        return isinstance(value, list) and all(any(_matches(part, one) for one in value) for part in wanted)
    return bool(wanted == value)
