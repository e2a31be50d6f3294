"""Conditions on rows, such as `hidden>=256 and (task=text or passed>3)`: read by a parser of a few lines.

    condition   choice { "or" choice }
    choice      factor { "and" factor }
    factor      "not" factor | "(" condition ")" | column [ sign value ]
    sign        =  !=  <  <=  >  >=  ~ (contains)

A value is a number, with a unit where the column has one (`time>10min`, `age<2d`, `size>1MB`), a word, a text in
quotes, or `none` where there is nothing. What a run does not have fulfils no comparison but `!=`. `star`, `name` and
`note` alone are fulfilled by runs that have one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from lstm_model.errors import InputError, quoted
from lstm_tui.tables.columns import Column, Row, column_of

Test = Callable[[Row], bool]

_TOKEN = re.compile(r"""\s*(?:(?P<sign>!=|<=|>=|==|[=<>~])|(?P<bracket>[()])
                        |(?P<text>'[^']*'|"[^"]*")|(?P<word>[^\s()=<>!~'"]+))""", re.VERBOSE)  # fmt: skip
_NUMBER = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)([a-z]*)", re.IGNORECASE)
_ORDERED: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip


@dataclass(frozen=True)
class _Token:
    kind: str  # "sign", "bracket", "text", "word", or "end"
    text: str
    at: int  # the first character is 1


def condition(text: str) -> Test:
    """The test that a text stands for; an InputError that names the character where it cannot be read."""
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._next = 0

    def whole(self) -> Test:
        test = self._condition()
        if self._token.kind != "end":
            _refuse(self._token.at, f"{_named(self._token)} comes after a whole condition: join two with `and` or `or`")
        return test

    @property
    def _token(self) -> _Token:
        return self._tokens[self._next]

    def _take(self, kind: str, *texts: str) -> _Token | None:
        token = self._token
        if token.kind != kind or (texts and token.text.lower() not in texts):
            return None
        self._next += 1
        return token

    def _condition(self) -> Test:
        tests = [self._choice()]
        while self._take("word", "or"):
            tests.append(self._choice())
        return tests[0] if len(tests) == 1 else lambda row: any(test(row) for test in tests)

    def _choice(self) -> Test:
        tests = [self._factor()]
        while self._take("word", "and"):
            tests.append(self._factor())
        return tests[0] if len(tests) == 1 else lambda row: all(test(row) for test in tests)

    def _factor(self) -> Test:
        if self._take("word", "not"):
            test = self._factor()
            return lambda row: not test(row)
        if opened := self._take("bracket", "("):
            test = self._condition()
            if not self._take("bracket", ")"):
                _refuse(self._token.at, f"the bracket of character {opened.at} is not closed")
            return test
        return self._comparison()

    def _comparison(self) -> Test:
        name = self._take("word")
        if name is None:
            _refuse(self._token.at, f"a column is wanted, as in `hidden>=256`, not {_named(self._token)}")
        column = column_of(name.text, f"--where, character {name.at}")
        sign = self._take("sign")
        if sign is None and column.stands_alone and self._token.kind != "text":
            return lambda row: row[column.name] is not None
        if sign is None:
            wanted = f"one of = != < <= > >= ~ is wanted after {column.name}"
            _refuse(self._token.at, f"{wanted}, not {_named(self._token)}")
        value = self._take("text") or self._take("word")
        if value is None:
            _refuse(self._token.at, f"a value is wanted after {column.name}{sign.text}, not {_named(self._token)}")
        return _comparing(column, sign, value)


def _tokens(text: str) -> list[_Token]:
    tokens, at = [], 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            start = at + len(text[at:]) - len(text[at:].lstrip())
            what = "a quote that is not closed" if text[start] in "'\"" else f"{quoted(text[start])} means nothing"
            _refuse(start + 1, f"{what} here")
        kind = str(found.lastgroup)
        tokens.append(_Token(kind, found[kind], found.start(kind) + 1))
        at = found.end()
    return [*tokens, _Token("end", "", len(text) + 1)]


def _comparing(column: Column, sign: _Token, value: _Token) -> Test:
    name, wanted = column.name, value.text[1:-1] if value.kind == "text" else value.text
    number = None if value.kind == "text" else _number(column, value)
    if sign.text in _ORDERED:
        if number is None:
            _refuse(value.at, f"{name}{sign.text} needs a number, not {quoted(wanted)}")
        ordered = _ORDERED[sign.text]
        return lambda row: isinstance(row[name], int | float) and ordered(row[name], number)
    if sign.text == "~":
        return lambda row: row[name] is not None and wanted.lower() in str(row[name]).lower()
    nothing = value.kind == "word" and wanted.lower() == "none"

    def equal(row: Row) -> bool:
        there = row[name]
        if nothing or there is None:
            return nothing and there is None
        if isinstance(there, int | float):
            return number is not None and float(there) == number
        return str(there) == wanted

    return (lambda row: not equal(row)) if sign.text == "!=" else equal


def _number(column: Column, value: _Token) -> float | None:
    """The number that a word stands for, in the column's unit; None if it is none."""
    found = _NUMBER.fullmatch(value.text)
    if found is None:
        return None
    units = {unit.lower(): times for unit, times in column.units.items()}
    if found[2] and found[2].lower() not in units:
        if not units:
            return None
        _refuse(value.at + len(found[1]), f"{column.name} knows no unit {quoted(found[2])}: {', '.join(column.units)}")
    return float(found[1]) * units.get(found[2].lower(), 1)


def _named(token: _Token) -> str:
    return "the end" if token.kind == "end" else quoted(token.text)


def _refuse(at: int, what: str) -> NoReturn:
    raise InputError(f"--where, character {at}: {what}")
