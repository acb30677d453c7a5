"""Past trials as bars of weeks, in the order in which they were stated, with how many lists of adequate trials count each."""

from collections.abc import Sequence

from trdpgx.model.clinical_report import TrialReport
from trdpgx.report.html.svg import LinearScale, Svg
from trdpgx.texts import phrase

_WIDTH, _LEFT, _RIGHT, _ROW = 720, 210, 250, 26
_SHORTEST_AXIS = 8.0
_STEPS = (1, 2, 4, 8, 13, 26, 52, 104)
_TICKS = 8


def trials_figure(trials: Sequence[TrialReport], prefix: str = "") -> str | None:
    """Return the figure, or ``None`` where no trial has a length."""
    lengths = [trial.weeks for trial in trials if trial.weeks is not None]
    if not lengths:
        return None
    svg = Svg(
        key=f"{prefix}trials",
        title=phrase("trials_figure.title"),
        description=phrase("trials_figure.description"),
        width=_WIDTH,
        height=40 + _ROW * len(trials),
    )
    x = LinearScale(0, max(_SHORTEST_AXIS, *lengths), _LEFT, _WIDTH - _RIGHT)
    axis = 8 + _ROW * len(trials)
    step = next((one for one in _STEPS if x.high / one <= _TICKS), _STEPS[-1])
    for week in range(0, int(x.high) + 1, step):
        svg.line(x(week), 4, x(week), axis, "grid")
        svg.text(x(week), axis + 16, str(week), "label middle")
    svg.text(x(0) - 8, axis + 16, phrase("trials_figure.axis"), "label end")
    for row, trial in enumerate(trials):
        top = 8 + row * _ROW
        earlier = "" if trial.current_episode else phrase("trials_figure.earlier_episode")
        svg.text(_LEFT - 8, top + 14, f"{trial.id}: {trial.drug}{earlier}", "label end")
        end = x(trial.weeks or 0)
        if trial.weeks is not None:
            svg.rect(x(0), top, end - x(0), _ROW - 8, _kind(trial))
        svg.text(end + 6, top + 14, _short(trial), "label clear")
    return svg.render()


def _kind(trial: TrialReport) -> str:
    """Return filled where every list counts the trial, hollow where none does, and grey in between."""
    answers = {one.adequate for one in trial.adequacy}
    return "mark" if answers == {True} else "glyph hollow" if answers == {False} else "band band1"


def _short(trial: TrialReport) -> str:
    adequate = sum(one.adequate is True for one in trial.adequacy)
    weeks = phrase("trials_figure.not_stated") if trial.weeks is None else f"{trial.weeks:g}"
    return phrase("trials_figure.mark", weeks=weeks, adequate=adequate, lists=len(trial.adequacy))
