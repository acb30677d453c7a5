"""``python -m performance.compare OLD NEW``: compare two reports; exit code 1 if a ratio has grown by more than a quarter."""

import sys
from pathlib import Path

WORSE = 1.25


def ratios(path: Path) -> dict[tuple[str, str], float]:
    """Return the ratios of a report, by title of the table and name of the row."""
    found: dict[tuple[str, str], float] = {}
    title = ""
    for line in path.read_text("utf-8").splitlines():
        entries = [entry.strip() for entry in line.strip("|").split("|")]
        if line.startswith("#"):
            title = line.strip("# ")
        elif line.startswith("|") and entries[-1].replace(".", "", 1).isdigit():
            found[title, entries[0]] = float(entries[-1])
    return found


def main() -> None:
    """Print each ratio of both reports and how it has changed."""
    old, new = (ratios(Path(name)) for name in sys.argv[1:3])
    worse = False
    for name in [name for name in old if name in new]:
        change = new[name] / old[name] if old[name] else 1.0
        worse = worse or change > WORSE
        print(f"{change:6.2f}x  {old[name]:8.2f} -> {new[name]:8.2f}  {name[0]}: {name[1]}{'  WORSE' if change > WORSE else ''}")
    sys.exit(int(worse))


if __name__ == "__main__":
    main()
