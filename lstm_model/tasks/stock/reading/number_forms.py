"""The shape of a number -> what its marks can mean."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_NOTHING = (
    "|-|--|---|.|..|...|–|—|−|:|?|*|**|nan|null|none|nil|na|n/a|#n/a|#n/a n/a|n.a.|n.a|n.d.|nd|n/d|k.a.|k. a.|s/d|#na"
    "|\\n|#value!|#div/0!|#ref!|#name?|#num!|#null!|nat|<na>|(null)|(blank)"
    "|blank|empty|missing|unavailable|not available|no data"
    "|holiday|market holiday|closed|market closed|halted|suspended|no trade|feiertag|geschlossen|férié|festivo"
    "|无|停牌|休市|休場|休日"
)
MISSING = frozenset(_NOTHING.split("|"))
_CURRENCIES = (
    "usd eur gbp jpy chf cad aud nzd cny cnh hkd sgd inr krw twd brl mxn zar try rub pln czk huf sek nok dkk ils thb"
    " idr myr php vnd clp cop pen ars aed sar egp ngn kes pkr bdt lkr ron bgn uah kzt btc eth usdt usdc dem frf itl"
    " gbx gbp gbpence us hk ca a nz r rs kr zł zl kč ft rm s tl eu euro euros dollar dollars yen yuan pence pts pt"
    " p punkte stk shares"
)
_CODES = frozenset(_CURRENCIES.split())
_POWERS = {"k": 3, "m": 6, "mn": 6, "mio": 6, "mln": 6, "b": 9, "bn": 9, "mrd": 9, "t": 12,
           "tsd": 3, "万": 4, "萬": 4, "亿": 8, "億": 8}  # fmt: skip
_BLANKS = " '\u2019\u00a0\u2009\u202f\u2007`´"
_GROUP = re.escape(_BLANKS)
_CORE = re.compile(rf"0[0.,{_GROUP}]*|[.,]0+")


@dataclass(frozen=True)
class NumberForm:
    """A number without its signs: which bytes are digits of its core, and how its marks may be read.

    `point` and `comma`: how many digits come after the decimal mark if that is the point, or the comma; None if it
    cannot be. Where both can be, a first digit 0 before the mark still tells.
    """

    digits: tuple[int, ...]  # places in bytes
    point: int | None
    comma: int | None
    sign: int
    power: int  # of ten: 6 for M
    scientific: bool  # 1.5e-05
    unit: str  # a currency, or %
    whole: int = 0  # digits before the first mark

    @property
    def both(self) -> bool:
        """Whether point and comma give different numbers."""
        return self.point is not None and self.comma is not None and self.point != self.comma


@lru_cache(maxsize=8192)
def number_form(text: str) -> NumberForm | None:
    """The form of a cell, or of its shape; None if it is no number."""
    if len(text) > 64 or not any(map(str.isdigit, text)):
        return None
    shape = re.sub("[0-9]", "0", text)
    if scientific := _scientific(shape):
        return scientific
    cores = list(_CORE.finditer(shape))
    if len(cores) != 1:
        return None
    left, right = cores[0].span()
    core = shape[left:right].rstrip(_BLANKS)
    sign, before, after = _sign(shape[:left].strip(_BLANKS), shape[right:].strip(_BLANKS))
    units = _units(before, after)
    point, comma = _decimals(core, "."), _decimals(core, ",")
    if units is None or (point is None and comma is None):
        return None
    places, at = [], len(shape[:left].encode())
    for c in core:
        if c == "0":
            places.append(at)
        at += len(c.encode())
    first = re.search("[.,]", core)
    whole = core[: first.start()].count("0") if first else len(places)
    power, unit = units
    return NumberForm(tuple(places), point, comma, sign, power, scientific=False, unit=unit, whole=whole)


def _scientific(shape: str) -> NumberForm | None:
    """1.5e-05 as a whole."""
    found = re.fullmatch(r"[+-]?(0+[.,]?0*|[.,]0+)[eE][+-]?0{1,3}", shape)
    if not found:
        return None
    _, _, fraction = found[1].replace(",", ".").partition(".")
    point, comma = (None if other in shape else len(fraction) for other in ",.")
    return NumberForm((found.start(1),), point, comma, 1, 0, scientific=True, unit="")


def _sign(before: str, after: str) -> tuple[int, str, str]:
    """The sign of a number, and what else stands before and after it: -1, 1-, (1)."""
    sign = 1
    if before.startswith("(") and after.endswith(")"):
        sign, before, after = -1, before[1:].strip(), after[:-1].strip()
    for minus in "-−–":
        if before and minus in (before[0], before[-1]):
            sign, before = -sign, before.strip(minus)
        elif after[:1] == minus:
            sign, after = -sign, after[1:]
    return sign, before.strip("+"), after


def _units(before: str, after: str) -> tuple[int, str] | None:
    """The power of ten and the unit that stand round a number; None for words that are neither."""
    power, unit = 0, ""
    for k, part in enumerate(re.findall(r"[^\W\d_]+|[^\s\w]|\S", f"{before}\0{after}")):
        word = part.casefold()
        if part == "\0" or (part == "." and unit):
            continue
        if word in _POWERS and not power and k and before != part:
            power = _POWERS[word]
        elif part in "%‰" and not unit:
            unit = part
        elif (unicodedata.category(part[0]) == "Sc" or word in _CODES) and (
            not unit or word in _CODES or unit.casefold() in _CODES
        ):
            unit = part if unicodedata.category(part[0]) == "Sc" or not unit else unit
        elif word in ("元", "円", "圆", "원"):
            unit = part
        else:
            return None
    return power, unit


def _decimals(core: str, mark: str) -> int | None:
    """Digits after the decimal mark if `mark` is it and all others part groups; None if the text cannot be so."""
    if core.count(mark) > 1:
        return None
    whole, _, fraction = core.partition(mark)
    if fraction and not fraction.isdigit():
        return None
    groups = {c for c in whole if not c.isdigit()}
    if len(groups) > 1:
        return None
    if groups:
        group = groups.pop()
        parts = whole.split(group)
        plain = 1 <= len(parts[0]) <= 3 and all(len(part) == 3 for part in parts[1:])
        lakh = (
            1 <= len(parts[0]) <= 2
            and len(parts[-1]) == 3
            and all(len(part) == 2 for part in parts[1:-1])
            and group == ","
        )
        if not (plain or (lakh and mark == ".")):
            return None
    return len(fraction)
