"""The page at `/`, for people: a form to upload a genome, which works without script, and what one script adds to it."""

from functools import cache
from html import escape
from pathlib import Path

from fastapi import APIRouter, Request, Response

from trdpgx.http.encoded import constant_response
from trdpgx.http.state import access_of, pool_of
from trdpgx.knowledge.location import example_genome
from trdpgx.service.hello import FormatInfo

router = APIRouter(include_in_schema=False)

_PACKAGE = Path(__file__).resolve().parents[2]
_PAGES = _PACKAGE / "http" / "pages"
_REPORT_STYLE = _PACKAGE / "report" / "html" / "templates" / "report.css"
"""Reports open in the page, so that both have one style."""
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


@router.get("/")
def page(request: Request) -> Response:
    """Show the form; with a field for a key, which the page keeps in memory alone, where callers have keys."""
    hello = pool_of(request).hello
    saved, compared = ("\n".join(map(_save_button, formats)) for formats in (hello.formats, hello.diff_formats))
    asks = access_of(request).auth not in {None, "none"}
    content = (
        _text("index.html")
        .replace("__SAVE__", saved)
        .replace("__SAVE_DIFF__", compared)
        .replace("__KEY__", _text("key.html") if asks else "")
    )
    return constant_response(request, content.encode(), "text/html", {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"})


@router.get("/page.css")
def page_style(request: Request) -> Response:
    """Serve the style of the page and of reports in it."""
    style = _REPORT_STYLE.read_text("utf-8").replace("__FOOTER__", "trdpgx") + _text("page.css")
    return constant_response(request, style.encode(), "text/css", {"Cache-Control": "no-cache"})


@router.get("/page.js")
def page_script(request: Request) -> Response:
    """Serve the script of the page."""
    return constant_response(request, _text("page.js").encode(), "text/javascript", {"Cache-Control": "no-cache"})


@router.get("/example.vcf")
def example_vcf(request: Request) -> Response:
    """Serve the synthetic genome of the documentation."""
    headers = {"Cache-Control": "no-cache", "Content-Disposition": 'attachment; filename="example.vcf"'}
    return constant_response(request, example_genome().read_bytes(), "text/plain", headers)


@cache
def _text(name: str) -> str:
    return (_PAGES / name).read_text("utf-8")


def _save_button(form: FormatInfo) -> str:
    """Return the button that saves the report in one format."""
    data = {"format": form.name, "media": form.media_type, "ending": form.ending}
    attributes = " ".join(f'data-{name}="{escape(value)}"' for name, value in data.items())
    name = form.name if form.name == "text" else form.name.upper()
    return f'<button type="button" {attributes}>Save as {escape(name)}</button>'
