"""The two pages of the help: what keys do, and what words mean. Each shows what fits a search."""

from collections.abc import Iterable
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lstm_model.coach.rules import CHAPTERS, Advice
from lstm_tui.glossary.table import PLACES, WORDS, words_of
from lstm_tui.glossary.word import Word
from lstm_tui.keys.bound import beside, shown_of
from lstm_tui.keys.key import Key
from lstm_tui.keys.own import ALSO
from lstm_tui.keys.table import KEYS, PANE_KEYS, key_of
from lstm_tui.options.table import IN_FORM

KEY_WIDTH, WORD_WIDTH = 12, 18  # cells, with the two that set them in
NARROW = 56  # cells, below which a name has a line of its own
ELSEWHERE = "elsewhere"  # of words that stand in no pane

Row = tuple[str, str]


def keys_page(width: int, searched: str = "", advice: Advice | None = None) -> RenderableType:
    """What the coach says, then the keys by group, each once. searched: only rows that have it in them."""
    groups = [("now", _said(advice))] if advice else []
    groups += [(group, rows_of_keys(group)) for group in dict.fromkeys(key.group for key in (*KEYS, *PANE_KEYS))]
    return _page(groups, searched, KEY_WIDTH, width)


def rows_of_keys(group: str) -> list[Row]:
    """The keys of a group and what they do; those that take turns on a row."""
    keys = [key for key in (*KEYS, *PANE_KEYS) if key.group == group]
    by_keys: dict[str, list[Key]] = {}
    for key in keys:
        by_keys.setdefault(shown_of(key), []).append(key)
    rows = [(shown, _together([key.meaning for key in same])) for shown, same in by_keys.items()]
    if group == "looking":
        rows += [
            ("tab", "Move the focus to the next pane"),
            (f"{beside('palette')} ctrl+p".strip(), "Find any of these by its name"),
        ]
        rows += [(own, f"The same as {name}") for name in ALSO if name != "palette" and (own := beside(name))]
    return rows


def words_page(width: int, searched: str = "", pane: str = "") -> RenderableType:
    """The words by the pane in which they stand, those of one pane first; then the settings, and where to read on."""
    groups = [(name, [(word.name, word.meaning) for word in words]) for name, words in grouped_words(searched, pane)]
    settings = [(option.named, option.help) for option in IN_FORM]
    groups.append(("the form of a new run, and the command line", _fitting(settings, searched)))
    chapters = [(kind, _place(chapter)) for kind, chapter in CHAPTERS.items()]
    groups.append(("read on, in the documents of the project", _fitting(chapters, searched)))
    return _page(groups, "", WORD_WIDTH, width)


def grouped_words(searched: str = "", pane: str = "") -> list[tuple[str, list[Word]]]:
    """The words that fit a search, each once, under the pane that has them; what is called so comes before the rest."""
    first = words_of(pane)
    rest = [word for word in WORDS if word not in first]
    ordered = [(pane, word) for word in first]
    for place in (*PLACES, ""):
        ordered += [(place, word) for word in rest if (word.panes[0] if word.panes else "") == place]
    found = [(place, word) for place, word in ordered if word.tells_of(searched)]
    if searched:
        found.sort(key=lambda each: searched.lower() not in each[1].name.lower())
        return [("found", [word for _, word in found])] if found else []
    return [(PLACES.get(place, ELSEWHERE), [word for _, word in words])
            for place, words in groupby(found, key=lambda each: each[0])]  # fmt: skip


def _said(advice: Advice) -> list[Row]:
    """What the coach says, and where it is explained."""
    return [("coach", advice.text.replace("*", key_of(advice.action))), ("read", _place(advice.chapter))]


def _place(chapter: str) -> str:
    """A document and a heading in it as words, which can be broken into lines."""
    name, _, heading = chapter.partition("#")
    return f"{name}: {heading.replace('-', ' ')}" if heading else name


def _together(meanings: list[str]) -> str:
    first, *others = meanings
    return "; ".join([first, *(other[0].lower() + other[1:] for other in others)])


def _fitting(rows: Iterable[Row], searched: str) -> list[Row]:
    return [row for row in rows if searched.lower() in " ".join(row).lower()]


def _page(groups: Iterable[tuple[str, list[Row]]], searched: str, names: int, width: int) -> RenderableType:
    parts: list[RenderableType] = []
    for title, rows in groups:
        if fitting := _fitting(rows, searched):
            table = _columns(fitting, names, narrow=width < NARROW)
            parts += [*([Text()] if parts else []), Text(title, "bold"), table]
    return Group(*parts) if parts else Text("Nothing here has this in it. Backspace takes back what you typed.")


def _columns(rows: Iterable[Row], width: int, *, narrow: bool) -> RenderableType:
    if narrow:
        parts = [(Text(f"  {name}", "underline"), Padding(Text(meaning), (0, 0, 0, 4))) for name, meaning in rows]
        return Group(*(each for part in parts for each in part))
    table = Table.grid(padding=(0, 2))
    table.add_column(width=width)
    for name, meaning in rows:
        table.add_row(Text(f"  {name}"), Text(meaning))
    return table
