"""What installed packages add under a group of entry points, loaded, with an error that names what cannot be."""

from importlib.metadata import EntryPoint, entry_points
from typing import Any

from trdpgx.model.errors import ExtensionError


def package_of(point: EntryPoint) -> str:
    """Return the name of the package that an entry point is of; empty where it has none."""
    return point.dist.name if point.dist is not None else ""


def extensions(group: str) -> list[tuple[EntryPoint, Any]]:
    """Return each entry point of a group and what it names, by name. Raises ``ExtensionError`` where one cannot be imported.

    An entry point outlives its module where another branch was checked out, or a package was removed by hand.
    """
    loaded = []
    for point in sorted(entry_points(group=group), key=lambda point: point.name):
        try:
            loaded.append((point, point.load()))
        except (ImportError, AttributeError) as error:
            raise ExtensionError(
                f"the entry point {point.name} of {group} ({package_of(point) or 'an unnamed package'}) names {point.value}, "
                f"which cannot be imported ({type(error).__name__}); install that package again: in a checkout of trdpgx, make setup"
            ) from error
    return loaded
