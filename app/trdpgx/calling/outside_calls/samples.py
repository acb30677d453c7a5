"""The sample of each outside call; calls for other samples, or for no named one of several samples, are refused."""

from collections.abc import Iterable

from trdpgx.calling.outside_calls.problems import OUTSIDE_CALLS_NO_SAMPLE, OUTSIDE_CALLS_OTHER_SAMPLE
from trdpgx.model.outside import OutsideCall
from trdpgx.model.problem import InputError


def calls_by_sample(calls: Iterable[OutsideCall]) -> dict[str | None, list[OutsideCall]]:
    """Return the calls of each sample (``None``: for no sample by name), so that those of a cohort are read once and not once a sample."""
    by_sample: dict[str | None, list[OutsideCall]] = {}
    for call in calls:
        by_sample.setdefault(call.sample, []).append(call)
    return by_sample


def check_samples(calls: Iterable[OutsideCall], samples: Iterable[str]) -> None:
    """Raise ``InputError`` if all calls are for samples that the input does not have, or if one names no sample and the input has several.

    A file of calls may be for a whole cohort, so calls for some other samples are no error. Calls for none of these would be lost without
    a word, and a call without a sample would count for every sample.
    """
    named = {call.sample for call in calls}
    samples = tuple(samples) if named else ()
    if None in named and len(samples) > 1:
        raise InputError(OUTSIDE_CALLS_NO_SAMPLE, f"The input has {len(samples)} samples.")
    if named and None not in named and named.isdisjoint(samples):
        raise InputError(OUTSIDE_CALLS_OTHER_SAMPLE, f"The outside calls name {len(named)} samples, and none of them is in the input.")
