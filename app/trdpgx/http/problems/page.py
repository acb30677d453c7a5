"""A problem as a page for browsers: the answer to a form without script, and the page at the `type` of a problem."""

from base64 import b64encode
from hashlib import sha256
from html import escape

_STYLE = (
    ":root{color-scheme:light dark}"
    'body{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;margin:0 auto;max-width:48rem;padding:1rem;'
    "color:#1b1b1f;background:#fff;overflow-wrap:anywhere}h1{font-size:1.4rem;line-height:1.3}"
    "dt{font-weight:600;margin-top:.8rem}dd{margin:0}"
    "@media (prefers-color-scheme:dark){body{color:#eceef2;background:#16181d}}"
)
_DIGEST = b64encode(sha256(_STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""The content security policy of the page: its own style and nothing else."""


def problem_page(*, title: str, remedy: str, code: str, status: int, detail: str | None = None, line: int | None = None) -> bytes:
    """Return the page of one problem, or of a kind of problem where there is no detail."""
    rows = [
        ("What is wrong here", detail),
        ("Line of the input", None if line is None else str(line)),
        ("What to do", remedy),
        ("Code", f"{code} (HTTP {status})"),
    ]
    facts = "\n".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in rows if value is not None)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{escape(title)}</title>\n<link rel="icon" href="data:,">\n<style>{_STYLE}</style>\n</head>\n'
        f"<body>\n<main>\n<h1>{escape(title)}</h1>\n<dl>\n{facts}\n</dl>\n</main>\n</body>\n</html>\n"
    ).encode()
