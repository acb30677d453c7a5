"""Dataclasses that compile their methods late do what those of the standard library do."""

import copy
import dataclasses
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from trdpgx.model import lazy_dataclass


def _classes(dataclass: Any) -> list[type]:
    @dataclass(frozen=True, slots=True)
    class Interval:
        chromosome: str
        start: int = 0
        labels: list[str] = dataclasses.field(default_factory=list, hash=False)
        note: str = dataclasses.field(default="", compare=False, repr=False)

    @dataclass(frozen=True, slots=True, order=True)
    class Ordered:
        a: int
        b: int = dataclasses.field(default=1, kw_only=True)

    @dataclass(slots=True)
    class Open:
        a: int
        twice: int = dataclasses.field(init=False)

        def __post_init__(self) -> None:
            self.twice = 2 * self.a

    @dataclass(frozen=True, slots=True, eq=False)
    class Identity:
        a: int

    @dataclass(frozen=True, slots=True)
    class Own:
        a: int

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 7

        def __repr__(self) -> str:
            return "own"

    return [Interval, Ordered, Open, Identity, Own]


PAIRS = list(zip(_classes(lazy_dataclass.dataclass), _classes(dataclasses.dataclass), strict=True))
ARGUMENTS = [(("1", 2), {}), (("1",), {"labels": ["x"], "note": "n"}), ((3,), {"b": 2}), ((3,), {}), ((), {}), ((1, 2, 3, 4, 5), {})]


def _first_field(made: Any) -> str:
    return str(dataclasses.fields(made)[0].name)


DONE: list[Callable[[Callable[[], Any]], Any]] = [
    lambda make: repr(make()),
    lambda make: make() == make(),
    lambda make: make() == 1,
    lambda make: hash(make()) == hash(make()),
    lambda make: make() < make(),
    lambda make: make() >= make(),
    lambda make: setattr(made := make(), _first_field(made), 1),
    lambda make: delattr(made := make(), _first_field(made)),
    lambda make: repr(dataclasses.replace(make(), start=9)),
    lambda make: repr(dataclasses.asdict(make())),
    lambda make: repr(copy.deepcopy(make())),
]


def _outcome(do: Callable[[Callable[[], Any]], Any], made: type, args: Any, kwargs: Any) -> Any:
    try:
        return do(lambda: made(*args, **kwargs))
    except Exception as error:
        return type(error)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=lambda one: one.__name__)
def test_they_behave_as_the_standard_librarys(ours: type, theirs: type) -> None:
    for args, kwargs in ARGUMENTS:
        for do in DONE:
            assert _outcome(do, ours, args, kwargs) == _outcome(do, theirs, args, kwargs)


def test_a_default_that_is_made_is_made_anew() -> None:
    interval = PAIRS[0][0]
    assert interval("1").labels is not interval("1").labels


@lazy_dataclass.dataclass(frozen=True, slots=True)
class Kept:
    a: int
    b: str


def test_a_frozen_one_can_be_sent_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(Kept(1, "x"))) == Kept(1, "x")  # noqa: S301
