"""The shape of a date -> the ways in which it can be read."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

_MONTHS = {
    1: "january janvier januar jänner enero janeiro gennaio januari januar stycznia styczeń ocak január"
    " jan janv jän ene gen sty oca января янв",
    2: "february février februar feber febrero fevereiro febbraio februari lutego luty şubat"
    " feb fév fev févr fevr feb lut şub февраля фев",
    3: "march mars märz maerz marzo março maart marca marzec mart mar mär mrz mär mrt марта мар",
    4: "april avril abril aprile kwietnia kwiecień nisan apr avr abr kwi nis апреля апр",
    5: "may mai mayo maio maggio mei maja maj mayıs mag мая май",
    6: "june juin juni junio junho giugno czerwca czerwiec haziran jun jui giu cze haz июня июн",
    7: "july juillet juli julio julho luglio lipca lipiec temmuz jul juil lug lip tem июля июл",
    8: "august août aout agosto augustus sierpnia sierpień ağustos aug aoû ago agu sie ağu августа авг",
    9: "september septembre septiembre setembro settembre września wrzesień eylül sep sept set wrz eyl сентября сен",
    10: "october octobre oktober octubre outubro ottobre października październik ekim"
    " oct okt out ott paź eki октября окт",
    11: "november novembre noviembre novembro listopada listopad kasım nov lis kas ноября ноя",
    12: "december décembre decembre dezember diciembre dezembro dicembre grudnia grudzień aralık"
    " dec déc dez dic gru ara декабря дек",
}
MONTHS = {word: month for month, words in _MONTHS.items() for word in words.split()}
_WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun"
    " montag dienstag mittwoch donnerstag freitag samstag sonntag mo di mi do fr sa so"
    " lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim"
    " lunes martes miércoles jueves viernes sábado domingo mié jue vie sáb dom"
    " segunda terça quarta quinta sexta seg ter qua qui sex"
    " lunedì martedì mercoledì giovedì venerdì sabato domenica gio sab"
)
_DAYS = set(_WEEKDAYS.split())
ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120,
    "eet": 120, "eest": 180, "msk": 180, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360,
    "pst": -480, "pdt": -420, "jst": 540, "kst": 540, "hkt": 480, "sgt": 480, "aest": 600, "aedt": 660, "nzst": 720,
}  # fmt: skip
_TIME = re.compile(
    r"(?P<H>0{1,2})(?:[:h](?P<M>00)(?::(?P<S>00)(?:[.,:](?P<F>0{1,9}))?)?|(?=-?\s?[ap]m))"
    r"(?:\s*-?(?P<half>[ap])\.?\s?m\.?(?![a-z]))?(?:\s?uhr)?"
    r"\s*(?P<zone>(?:utc|gmt)?\s?(?P<sign>[+-])(?P<ZH>00?):?(?P<ZM>00)?|[a-z]{1,5}|[a-z]+/[a-z_/]+)?$"
)
_TAIL = re.compile(r"\s*[(\[].*[)\]]$")  # "(Coordinated Universal Time)", "[Europe/London]"


@dataclass(frozen=True)
class Form:
    """One way to read a shape: which digits are what. `order` is YMD, DMY, MDY, YDM, YM, YQ, YW or Y."""

    order: str
    digits: dict[str, list[int]] = field(hash=False)  # Y M D H N S F Z z: places in bytes
    month: int = 0  # where it is a word
    half: str = ""  # a or p
    zone: int | None = None  # minutes east of Greenwich
    sign: int = 0  # of the digits Z and z, likewise
    mark: str = ""  # what stands between its numbers
    named_zone: bool = False


@lru_cache(maxsize=4096)
def forms(shape: str) -> tuple[Form, ...]:
    """All forms of a shape; none if it is no date. Shapes of digits alone are `counted`'s."""
    text = shape.casefold()
    if len(text) > 64 or len(text) != len(shape) or "0" not in text:
        return ()
    text = _TAIL.sub("", text).rstrip()
    found = _TIME.search(text)
    if found and not (found.start() == 0 or re.match(r"[\st,_\-:]", text[found.start() - 1])):
        found = None
    if found and not (found["M"] or found["half"]):
        found = None
    head, time, extra = text, {}, {}
    if found:
        if found["zone"] and not found["sign"] and not _is_zone(found["zone"]):
            return ()
        head = text[: found.start()]
        time = {name: _places(shape, *found.span(group)) for name, group in _CLOCK if found[group]}
        extra = {
            "half": found["half"] or "",
            "zone": ZONES.get(found["zone"] or "") if not found["sign"] else None,
            "sign": {"+": 1, "-": -1}.get(found["sign"] or "", 0),
            "named_zone": bool(found["zone"]),
        }
    elif compact := re.fullmatch(r"(00000000|0000[-./]00[-./]00)[t _-]?(00)(00)(?:(00)(000|000000)?)?(z?)", text):
        if compact[4] is None and compact[5]:
            return ()
        head = compact[1]
        groups = (("H", 2), ("N", 3), ("S", 4), ("F", 5))
        time = {name: _places(shape, *compact.span(group)) for name, group in groups if compact[group]}
        extra = {"zone": 0 if compact[6] else None, "named_zone": bool(compact[6])}
    return tuple(
        Form(order, digits | time, month=month, mark=mark, **extra)  # type: ignore[arg-type]
        for order, digits, month, mark in _days(head, shape)
    )


_CLOCK = (("H", "H"), ("N", "M"), ("S", "S"), ("F", "F"), ("Z", "ZH"), ("z", "ZM"))


def _is_zone(word: str) -> bool:
    return word in ZONES or "/" in word or 3 <= len(word) <= 4


def _places(shape: str, start: int, end: int) -> list[int]:
    """Places of characters as places of bytes."""
    before = len(shape[:start].encode())
    return list(range(before, before + end - start))


Day = tuple[str, dict[str, list[int]], int, str]


def _days(head: str, shape: str) -> list[Day]:
    """The ways to read the part of a shape before its time."""
    words = _words(head)
    numbers = [match.span() for match in re.finditer("0+", head)]
    if words is None or not numbers:
        return []
    month, at, letter = words
    between = [head[a[1] : b[0]] for a, b in pairwise(numbers)]
    if not all(map(_BETWEEN.fullmatch, [head[: numbers[0][0]], *between, head[numbers[-1][1] :]])):
        return []
    lengths = [end - start for start, end in numbers]
    places = [_places(shape, *span) for span in numbers]
    mark = between[0].strip() if between else ""
    if month:
        return _with_month(lengths, places, month, numbers, at)
    if letter and len(numbers) == 2:
        return _with_letter(letter, lengths, places)
    if len(numbers) == 3 and (mark == between[1].strip() or mark in ("年", "년")):
        return _three(lengths, places, mark)
    if len(numbers) == 2 and (mark in ("-", "/", ".", "年", "년") or between[0] == " "):
        return _two(lengths, places, mark)
    return _one(lengths, places[0], alone=len(head.strip()) == lengths[0])


def _words(head: str) -> tuple[int, int, str] | None:
    """Month, its place, and a letter as the Q of quarters; None if there are words that are of no date."""
    words = list(re.finditer(r"[^\W\d_]+", head))
    month, at, letter = 0, -1, ""
    for match in words:
        word = match.group()
        if word in MONTHS and not month and not (word in _DAYS and _another_month(words, match)):
            month, at = MONTHS[word], match.start()
        elif word in _LETTERS and len(words) == 1:
            letter = word
        elif word not in _DAYS and word not in _FILLERS and not (word == "t" and match.end() == len(head)):
            return None
    return month, at, letter


def _two(lengths: list[int], places: list[list[int]], mark: str) -> list[Day]:
    """Year and month."""
    if lengths[0] == 4 and lengths[1] <= 2:
        return [("YM", {"Y": places[0], "M": places[1]}, 0, mark)]
    if lengths[1] == 4 and lengths[0] <= 2:
        return [("YM", {"M": places[0], "Y": places[1]}, 0, mark)]
    return []


def _one(lengths: list[int], p: list[int], *, alone: bool) -> list[Day]:
    """One number: 20240131 in any order, or a year beside something else; a year alone is counted."""
    if lengths == [8]:
        return [
            ("YMD", {"Y": p[:4], "M": p[4:6], "D": p[6:]}, 0, ""),
            ("DMY", {"D": p[:2], "M": p[2:4], "Y": p[4:]}, 0, ""),
            ("MDY", {"M": p[:2], "D": p[2:4], "Y": p[4:]}, 0, ""),
        ]
    return [("Y", {"Y": p}, 0, "")] if lengths == [4] and not alone else []


_LETTERS = {"q": "YQ", "t": "YQ", "k": "YQ", "w": "YW", "m": "YM", "h": "YH", "s": "YH"}
_FILLERS = {
    "de",
    "of",
    "th",
    "st",
    "nd",
    "rd",
    "del",
    "le",
    "the",
    "den",
    "er",
    "年",
    "月",
    "日",
    "년",
    "월",
    "일",
    "г",
}
_BETWEEN = re.compile(r"[\s\-./,'’年月日년월일_:]*(?:[^\W\d_]+[\s\-./,'’_]*)*")


def _another_month(words: list[re.Match[str]], one: re.Match[str]) -> bool:
    """Whether a word that names a weekday too ("mar") is one, because another word is the month."""
    return any(other is not one and other.group() in MONTHS for other in words)


def _with_month(
    lengths: list[int], places: list[list[int]], month: int, numbers: list[tuple[int, int]], at: int
) -> list[Day]:
    if len(numbers) == 1:
        if lengths[0] in (2, 4):
            return [("YM", {"Y": places[0]}, month, "")]
        if lengths[0] == 6 and numbers[0][0] > at:  # no separator: JAN022024
            return [("MDY", {"D": places[0][:2], "Y": places[0][2:]}, month, "")]
        return []
    if len(numbers) != 2:
        return []
    left, right = lengths
    if left == 4 and right <= 2:
        return [("YMD", {"Y": places[0], "D": places[1]}, month, "")]
    if right in (2, 4) and left <= 2:
        days: list[Day] = [("DMY", {"D": places[0], "Y": places[1]}, month, "")]
        if left == right == 2 and numbers[0][1] <= at <= numbers[1][0]:
            days.append(("YMD", {"Y": places[0], "D": places[1]}, month, ""))
        return days
    return []


def _with_letter(letter: str, lengths: list[int], places: list[list[int]]) -> list[Day]:
    """Quarters, halves, weeks and months: 2024-Q1, Q1 2024, 2024-S1, 2024-W05, 1990M01."""
    year = 0 if lengths[0] == 4 else 1
    if lengths[year] != 4 or lengths[1 - year] > 2:
        return []
    return [(_LETTERS[letter], {"Y": places[year], "M": places[1 - year]}, 0, letter)]


def _three(lengths: list[int], places: list[list[int]], mark: str) -> list[Day]:
    a, b, c = places
    if mark not in ("-", "/", ".", "_", "", "年", "년"):
        return []

    def read(order: str) -> Day:
        return order, dict(zip(order, (a, b, c), strict=True)), 0, mark

    if lengths[0] == 4 and max(lengths[1:]) <= 2:
        return [read("YMD"), read("YDM")]
    if max(lengths[:2]) <= 2 and lengths[2] == 4:
        return [read("DMY"), read("MDY")]
    if max(lengths) <= 2 and lengths[2] == 2:
        return [read("DMY"), read("MDY"), *([read("YMD")] if lengths[0] == 2 else [])]
    if max(lengths) <= 2 and lengths[0] == 2:
        return [read("YMD")]
    return []


@lru_cache(maxsize=4096)
def is_date(shape: str) -> bool:
    """Whether a shape can be nothing but a date; a number may be one too."""
    return bool(forms(shape)) and not shape.isdigit()
