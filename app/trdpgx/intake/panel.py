"""What intake looks for: the sites and intervals of all panels, worked out once."""

from collections.abc import Mapping
from functools import cached_property

from trdpgx.intake.genotypes.site_index import SiteIndex
from trdpgx.intake.scan.panel_index import PanelIntervals, panel_intervals
from trdpgx.model.genome import Assembly, Panel


class PanelIndex:
    """What intake looks for, worked out once for a set of panels."""

    def __init__(self, panels: Mapping[Assembly, Panel]) -> None:
        self.panels = dict(panels)
        self.targets: PanelIntervals = panel_intervals(panels)
        self.indexes = {assembly: SiteIndex(panel) for assembly, panel in panels.items()}

    @cached_property
    def own(self) -> dict[Assembly, PanelIntervals]:
        """The targets of each panel alone."""
        return {assembly: panel_intervals({assembly: panel}) for assembly, panel in self.panels.items()}


_panel_indexes: list[PanelIndex] = []


def panel_index(panels: Mapping[Assembly, Panel]) -> PanelIndex:
    """Return the panel_index for ``panels``; it is kept for the next input with the same ones."""
    for known in _panel_indexes:
        if known.panels.keys() == panels.keys() and all(known.panels[assembly] is panel for assembly, panel in panels.items()):
            return known
    made = PanelIndex(panels)
    _panel_indexes[:] = [made, *_panel_indexes[:3]]
    return made
