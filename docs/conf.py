"""How the documents become a site: sphinx-build -W -c docs . build/site, then open build/site/index.html.

The pages are the same files that a code host shows, so what such a host does by itself is done here: a link to a file
of the program leads to a page with its lines, and the lists of docs/README.md are the order of the pages. Nothing is
fetched from elsewhere, neither now nor by a reader's browser.
"""

import json
import re
from collections.abc import Collection, Iterator
from html import escape
from pathlib import Path
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import TextLexer, get_lexer_for_filename
from pygments.util import ClassNotFound
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

ROOT = Path(__file__).resolve().parent.parent
CONTENTS = "docs/README"

project, author, copyright = "lstm-tui", "the authors of lstm-tui", "the authors, under the MIT licence"  # noqa: A001
extensions = ["myst_parser"]
root_doc = CONTENTS
include_patterns = [
    "docs/**.md", "docs/notebooks/*.ipynb", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "benchmarks/README.md",
    "benchmarks/RECORDS.md", "data/README.md", "saves/README.md",
]  # fmt: skip
exclude_patterns = [".*", "build", "docs/notebooks/saves", "**/.*", "lstm_model", "lstm_tui", "tests", "tools"]
source_suffix = {".md": "markdown", ".ipynb": "markdown"}  # what notebooks are made into, see `as_page`
myst_heading_anchors = 4
smartquotes = False  # a quotation mark in code is one of the code
html_theme = "furo"
html_title = "lstm-tui"
html_static_path = ["site"]
html_css_files = ["pages.css"]
html_copy_source = False
html_show_sphinx = False
html_theme_options: dict[str, Any] = {"top_of_page_buttons": []}

LINK = re.compile(r"(?<!!)\[((?:[^\[\]`]|`[^`]*`)+)\]\(([^()\s:#]+)(?:#L(\d+)(?:-L\d+)?)?\)")
FENCED = re.compile(r"^(```.*?^```)$", re.MULTILINE | re.DOTALL)
linked: set[Path] = set()  # files of the program that pages lead to, from the root


def with_contents(text: str) -> str:
    """The page of contents with its lists as the order of all pages."""
    for title, listed in re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL):
        names = [
            (Path(CONTENTS).parent / each).with_suffix("")
            for each in re.findall(r"\]\(([^)]+\.(?:md|ipynb))\)", listed)
        ]
        pages = "\n".join("/" + re.sub(r"[^/]+/\.\./", "", name.as_posix()) for name in names)
        text += f"\n```{{toctree}}\n:hidden:\n:caption: {title}\n\n{pages}\n```\n"
    return text


def as_page(notebook: str) -> str:
    """A notebook as a page: its cells and what they show, HTML before plain text."""
    parts = []
    for cell in json.loads(notebook)["cells"]:
        text = "".join(cell["source"])
        parts.append(f"```python\n{text}\n```" if cell["cell_type"] == "code" else text)
        for output in cell.get("outputs", ()):
            shown = output.get("data", {"text/plain": output.get("text", "")})
            if "text/html" in shown:
                parts.append(f"````{{raw}} html\n{''.join(shown['text/html'])}\n````")
            else:
                parts.append(f"````text\n{''.join(shown['text/plain'])}\n````")
    return "\n\n".join(parts)


def with_code_links(name: str, text: str, pages: Collection[str]) -> str:
    """A page's text in which links to files that are no pages lead to pages that show their lines."""
    folder = (ROOT / name).parent

    def led(link: re.Match[str]) -> str:
        path = (folder / link[2]).resolve()
        if not path.is_file() or ROOT not in path.parents:
            return link[0]
        file = path.relative_to(ROOT)
        if file.with_suffix("").as_posix() in pages:
            return link[0]
        linked.add(file)
        up = "../" * name.count("/")
        words = re.sub(r"`([^`]*)`", lambda code: f'<code class="literal">{escape(code[1])}</code>', link[1])
        return f'<a href="{up}code/{file}.html{f"#line-{link[3]}" if link[3] else ""}">{words}</a>'

    parts = FENCED.split(text)
    return "".join(part if part.startswith("```") else LINK.sub(led, part) for part in parts)


def read(app: Sphinx, name: str, source: list[str]) -> None:
    """Make of a document what the site needs."""
    if app.env.doc2path(name).suffix == ".ipynb":
        source[0] = as_page(source[0])
    if name == CONTENTS:
        source[0] = with_contents(source[0])
    source[0] = with_code_links(name, source[0], app.env.found_docs)


def code_pages(_: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """A page for each file of the program that is linked."""
    for file in sorted(linked):
        lines = HtmlFormatter(lineanchors="line", linenos="inline", anchorlinenos=True, cssclass="highlight")
        try:
            lexer = get_lexer_for_filename(file.name)
        except ClassNotFound:
            lexer = TextLexer()
        body = highlight((ROOT / file).read_text(encoding="utf-8"), lexer, lines)
        yield f"code/{file}", {"title": str(file), "body": f"<h2>{file}</h2>{body}"}, "page.html"


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Lead from the site's root to the contents, and see that no link within the site leads nowhere."""
    if exception is not None:
        return
    out = Path(app.outdir)
    to = f"{CONTENTS}.html"
    (out / "index.html").write_text(f'<!doctype html><meta http-equiv="refresh" content="0; url={to}">\n')
    pages = {path: path.read_text(encoding="utf-8") for path in out.rglob("*.html")}
    known = {path: set(re.findall(r'\b(?:id|name)="([^"]+)"', text)) for path, text in pages.items()}
    for path, text in pages.items():
        for target in re.findall(r'\b(?:href|src)="([^"]+)"', text):
            if re.match(r"[a-z]+:|data:", target):
                continue
            name, _, anchor = target.partition("#")
            leads = (path.parent / name.partition("?")[0]).resolve() if name else path
            if not leads.exists() or (anchor and leads in known and anchor not in known[leads]):
                raise ExtensionError(f"{path.relative_to(out)}: a link leads nowhere: {target}")


def setup(app: Sphinx) -> None:
    """Hook all that in."""
    app.connect("source-read", read)
    app.connect("html-collect-pages", code_pages)
    app.connect("build-finished", finish)
