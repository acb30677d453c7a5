"""Fields of a context that were not stated, in words: ``trials[0].adherence: not stated`` is for programs that read the JSON."""

import re
from collections.abc import Iterable, Mapping, Sequence

from trdpgx.model.clinical_report import TreatmentHistory
from trdpgx.texts import both, phrase, section

_OF_TRIAL = re.compile(r"trials\[(\d+)\]\.(\w+)")
_WORDS: Mapping[str, str] = section("stated_fields")


def in_plain_words(missing: Iterable[str], history: TreatmentHistory) -> tuple[str, ...]:
    """Return lines of ``missing`` with what each field holds, and of which trials; a field without words stays as it is."""
    return tuple(_line(one, [trial.id for trial in history.trials]) for one in missing)


def _line(line: str, trials: Sequence[str]) -> str:
    fields, colon, assumed = line.partition(": ")
    by_field: dict[str, list[str]] = {}
    for path in fields.split(", "):
        of_trial = _OF_TRIAL.fullmatch(path)
        name = of_trial[2] if of_trial else path
        number = int(of_trial[1]) if of_trial else len(trials)
        by_field.setdefault(_WORDS.get(name, path), []).extend(trials[number : number + 1])
    by_trials: dict[tuple[str, ...], list[str]] = {}
    for field, ones in by_field.items():
        by_trials.setdefault(tuple(dict.fromkeys(ones)), []).append(field)
    parts = (_of_trials(both(names), ones, len(trials)) for ones, names in by_trials.items())
    return f"{'; '.join(parts)}{colon}{assumed}"


def _of_trials(fields: str, ones: Sequence[str], trials: int) -> str:
    if not ones:
        return fields
    if len(ones) == trials > 1:
        return phrase("fields_of.every_trial", fields=fields)
    return phrase("fields_of.trials", count=len(ones), fields=fields, trials=both(ones))
