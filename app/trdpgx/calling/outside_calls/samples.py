"""Whose outside calls are: those of each sample of an input, and a refusal where they are nobody's or anybody's."""

from collections.abc import Iterable

from trdpgx.calling.outside_calls.problems import OUTSIDE_CALLS_NO_SAMPLE, OUTSIDE_CALLS_OTHER_SAMPLE
from trdpgx.model.outside import OutsideCall
from trdpgx.model.problem import InputError


def calls_by_sample(calls: Iterable[OutsideCall]) -> dict[str | None, list[OutsideCall]]:
    """Return the calls of each sample, so that a cohort's are gone through once and not once a sample."""
    by_sample: dict[str | None, list[OutsideCall]] = {}
    for call in calls:
        by_sample.setdefault(call.sample, []).append(call)
    return by_sample


def check_samples(calls: Iterable[OutsideCall], samples: Iterable[str]) -> None:
    """Raise ``InputError`` if all calls are for samples that the input does not have, or if one could be anybody's of several samples.

    A file of calls may well be for a whole cohort; but calls that reach nobody would be lost without a word, and a call without a
    sample would be taken for everybody's.
    """
    named = {call.sample for call in calls}
    samples = tuple(samples) if named else ()
    if None in named and len(samples) > 1:
        raise InputError(OUTSIDE_CALLS_NO_SAMPLE, f"The input has {len(samples)} samples.")
    if named and None not in named and named.isdisjoint(samples):
        raise InputError(OUTSIDE_CALLS_OTHER_SAMPLE, f"The outside calls name {len(named)} samples, and none of them is in the input.")
