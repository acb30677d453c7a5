"""The index of the panels: their sites and intervals in the forms in which intake searches them."""

from collections.abc import Mapping
from functools import cached_property

from trdpgx.intake.genotypes.site_index import SiteIndex
from trdpgx.intake.scan.panel_index import PanelIntervals, panel_intervals
from trdpgx.model.genome import Assembly, Panel


class PanelIndex:
    """The sites and intervals of a set of panels: ``targets`` of all together, ``indexes`` of the sites by assembly."""

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
    """Return the index of ``panels``. Those of the last four sets are cached."""
    for cached in _panel_indexes:
        if cached.panels.keys() == panels.keys() and all(cached.panels[assembly] is panel for assembly, panel in panels.items()):
            return cached
    index = PanelIndex(panels)
    _panel_indexes[:] = [index, *_panel_indexes[:3]]
    return index
