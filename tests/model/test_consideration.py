"""Actions are compared by their fields; how the source speaks against the drug is none of them."""

from trdpgx.model.consideration import Action
from trdpgx.model.rule import Against, Direction


def test_actions_are_equal_and_hashed_by_their_fields() -> None:
    avoid = Action(code="avoid", codes=("avoid",), directions=(Direction.AVOID,), text="Avoid.")
    ruled_out = Action(code="avoid", codes=("avoid",), directions=(Direction.AVOID,), text="Avoid.").with_against([Against.RULED_OUT])
    other = avoid.copy_with(code="reduce", codes=("reduce",), text="Reduce.")
    assert avoid == ruled_out
    assert hash(avoid) == hash(ruled_out)
    assert avoid != other
    assert hash(avoid) != hash(other)


def test_the_gravest_code_is_how_a_source_speaks_against_a_drug() -> None:
    from_file = Action(code="avoid", codes=("avoid",), directions=(Direction.AVOID,), text="Avoid.")
    assert from_file.against is Against.ADVISED_AGAINST
    made = from_file.copy_with().with_against([Against.MAY_BE_RULED_OUT, Against.RULED_OUT, Against.ADVISED_AGAINST])
    assert made.against is Against.RULED_OUT
    assert from_file.copy_with().with_against([]).against is None
