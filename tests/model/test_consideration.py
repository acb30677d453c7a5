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
