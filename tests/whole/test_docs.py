"""What the documents say is so: links lead somewhere, quoted code stands where it is said to."""

import re
from pathlib import Path
from typing import get_args

import pytest

from lstm_model.coach.rules import Advice, AdviceKind
from lstm_tui.keys.table import key_table
from lstm_tui.options.parser import COMMANDS, option_table, parser_for
from support.book import BOOK, FENCED, one_line, page
from support.places import ROOT

DOCUMENTS = [
    path
    for path in (
        *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")),
        *(ROOT / "benchmarks").glob("*.md"),
        *sorted(ROOT.glob("docs/**/*.md")),
    )
    if path.exists()
]
TARGET = re.compile(r"\]\(([^()\s]+)\)")
LINES = re.compile(r"#L(\d+)(?:-L(\d+))?$")
CODE_LINK = re.compile(r"\[`([^`]+)`\]\(([^()\s]+#L\d+(?:-L\d+)?)\)")  # its text must stand in those lines

every_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)


def prose(path: Path) -> str:
    """A document without its fenced blocks, in which a bracket is no link."""
    return FENCED.sub("", path.read_text(encoding="utf-8"))


def slug(heading: str) -> str:
    """The anchor that code hosts give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def found_at(source: list[str], code: str) -> str:
    """The anchor of the fewest lines that hold some code, for whoever must mend a link."""
    for height in range(1, 12):
        for first in range(len(source) - height + 1):
            if code in one_line(" ".join(source[first : first + height])):
                return f"#L{first + 1}" + (f"-L{first + height}" if height > 1 else "")
    return "nowhere"


# Links


@every_document
def test_relative_links_lead_to_files_and_headings(path: Path) -> None:
    for target in TARGET.findall(prose(path)):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        linked = (path.parent / name).resolve() if name else path
        assert linked.exists(), f"{path.name}: no {target}"
        assert linked == ROOT or ROOT in linked.parents, f"{path.name}: {target} leaves the project"
        if anchor and linked.suffix == ".md":
            headings = re.findall(r"^#+ (.+)$", prose(linked), re.MULTILINE)
            assert anchor in map(slug, headings), f"{path.name}: no heading #{anchor} in {linked.name}"


@every_document
def test_code_that_is_linked_stands_in_the_linked_lines(path: Path) -> None:
    text = prose(path)
    proved = CODE_LINK.findall(text)
    unproved = {target for target in TARGET.findall(text) if LINES.search(target)} - {target for _, target in proved}
    assert not unproved, f"{path.name}: links to lines must have code as their text: {unproved}"
    for code, target in proved:
        source = (path.parent / target.partition("#")[0]).read_text(encoding="utf-8").splitlines()
        lines = LINES.search(target)
        assert lines is not None
        first, last = int(lines[1]), int(lines[2] or lines[1])
        assert first <= last <= len(source), f"{path.name}: {target} has no such lines"
        linked = one_line(" ".join(source[first - 1 : last]))
        code = one_line(code)
        assert code in linked, f"{path.name}: {code!r} is not at {target}, but {found_at(source, code)}"


def test_the_book_links_code() -> None:
    assert len(CODE_LINK.findall(BOOK)) > 20  # else the pattern above finds nothing and proves nothing


@pytest.mark.parametrize("kind", get_args(AdviceKind))
def test_what_the_coach_says_is_explained_where_it_says(kind: AdviceKind) -> None:
    name, _, anchor = Advice(kind, "", "look").chapter.partition("#")
    headings = re.findall(r"^#+ (.+)$", prose(ROOT / name), re.MULTILINE)
    assert not anchor or anchor in map(slug, headings)


# Commands and examples


def shown_commands(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return re.findall(r"`(lstm-tui[^`]*)`", text) + re.findall(r"^ {4}(lstm-tui.*)$", text, re.MULTILINE)


@every_document
def test_commands_have_the_options_that_are_shown(path: Path) -> None:
    for line in shown_commands(path):
        words = line.split()[1:]
        parser = parser_for(words[0] if words and words[0] in COMMANDS else "")
        shown = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        known = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", parser.format_help()))
        assert shown <= known, f"{path.name}: {line}"


def test_the_readme_has_the_keys_as_they_are() -> None:
    readme = ROOT / "README.md"
    if readme.exists():
        assert key_table() in readme.read_text(encoding="utf-8")


def test_the_readme_has_the_options_as_they_are() -> None:
    assert option_table() in (ROOT / "README.md").read_text(encoding="utf-8")


# Completeness


def test_every_paper_that_is_cited_is_in_the_reading_list() -> None:
    reading = page("reading")
    body = BOOK.replace(reading, "")
    name = r"[A-Z][A-Za-z]+"
    cited = re.findall(rf"({name})(?:, {name})*(?:,? and (?:{name}|others))? \(?(\d{{4}})", one_line(body))
    assert len(cited) > 15
    for author, year in cited:
        assert re.search(rf"^- .*\b{author}, .*{year}\.$", one_line_items(reading), re.MULTILINE), (author, year)


def one_line_items(text: str) -> str:
    """List items that are wrapped, each on one line."""
    return re.sub(r"\n  +", " ", text)


def test_every_document_is_in_the_contents_once() -> None:
    """The site takes its order of pages from docs/README.md."""
    contents = ROOT / "docs/README.md"
    linked = [(ROOT / "docs" / name).resolve() for name in re.findall(r"\]\(([^)]+\.(?:md|ipynb))\)", prose(contents))]
    assert sorted(linked) == sorted({*linked})
    there = {*DOCUMENTS, *(ROOT / "docs/notebooks").glob("*.ipynb")} - {contents}
    assert there - {*linked} == set(), "give it a line in docs/README.md"
    chapters = [path.name[:2] for path in linked if path.name[0].isdigit()]
    assert chapters == [f"{number:02}" for number in range(1, len(chapters) + 1)]


def test_tests_that_are_named_exist() -> None:
    named = {name for path in DOCUMENTS for name in re.findall(r"`(test_\w+)`", path.read_text(encoding="utf-8"))}
    assert len(named) > 5
    written = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("tests/**/test_*.py"))
    assert {name for name in named if f"def {name}(" not in written} == set()


def test_architecture_names_every_package_and_no_other() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    for package in ("lstm_model", "lstm_tui"):
        _, _, room = text.partition(f"### {package}")
        named = set(re.findall(r"`([\w/]+)/`", room.split("\n### ")[0].split("\n## ")[0]))
        doors = {path.parent.relative_to(ROOT / package).as_posix() for path in (ROOT / package).rglob("__init__.py")}
        assert named == doors - {"."}, f"{package}: say in docs/architecture.md what lives there"
