"""Write the reports of golden cases with an artificial translation of every text and sentence of the rules: each letter is replaced.

``python -m tests.texts.translated altered|plain CASE ...`` prints JSON: for each case its reports as JSON, short text, full text and page.
Texts are altered before any module reads them, which needs a process of its own. Names, codes and templates of the page are not altered.
"""

import codecs
import json
import re
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from trdpgx import texts

FORMATS = ("json", "text", "full", "html")


def other(text: str) -> str:
    """Return a text of the same length with each letter outside of a placeholder replaced (ROT13)."""
    return "".join(part if part.startswith("{") else codecs.encode(part, "rot13") for part in re.split(r"(\{[^}]*\})", text))


def _altered(text: texts.Text) -> texts.Text:
    return other(text) if isinstance(text, str) else {form: other(words) for form, words in text.items()}


def _alter_rules(rulebook: Any) -> None:
    """Alter the words of actions, implications and entries in place, before anything is prepared from them."""
    for action in (*rulebook.actions.values(), *rulebook.implications.values()):
        action.__dict__["text"] = other(action.text)
        action.__dict__["short"] = action.short and other(action.short)
        if action.headline:
            for name, words in action.headline.__dict__.items():
                action.headline.__dict__[name] = words and other(words)
    for entry in rulebook.entries:
        entry.__dict__["text"] = other(entry.text)


def written(names: list[str], *, altered: bool) -> Mapping[str, list[dict[str, str]]]:
    """Return the reports of cases in each format."""
    if altered:
        texts._TEXTS = MappingProxyType({key: _altered(text) for key, text in texts._TEXTS.items()})
    from tests.golden.cases import cases  # noqa: PLC0415 - after the texts are altered
    from trdpgx import Service  # noqa: PLC0415
    from trdpgx import loaded as loading  # noqa: PLC0415
    from trdpgx.model.options import DetailOption  # noqa: PLC0415
    from trdpgx.report.formats.json import to_json  # noqa: PLC0415
    from trdpgx.report.html.page import render  # noqa: PLC0415
    from trdpgx.report.text.report import to_text  # noqa: PLC0415

    load = loading.load_knowledge

    def loaded(*arguments: Any, **options: Any) -> Any:
        knowledge = load(*arguments, **options)
        _alter_rules(knowledge.rulebook)
        return knowledge

    if altered:
        loading.load_knowledge = loaded
    made: dict[str, list[dict[str, str]]] = {}
    with Service() as service:
        for case in cases():
            if case.name in names:
                made[case.name] = [
                    {
                        "json": to_json(report).decode(),
                        "text": to_text(report, DetailOption.SUMMARY),
                        "full": to_text(report, DetailOption.FULL),
                        "html": render([report], service.knowledge.rulebook.actions),
                    }
                    for report in case.reports(service)
                ]
    return made


if __name__ == "__main__":
    print(json.dumps(written(sys.argv[2:], altered=sys.argv[1] == "altered")))  # noqa: T201 - a command
