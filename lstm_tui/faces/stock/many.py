"""Many series of prices, each with a model of its own: a table by symbol, and what to think of so many verdicts."""

from collections.abc import Mapping, Sequence
from math import comb
from statistics import fmean, median
from typing import Any

from lstm_model.tasks.stock.judging.significance import ALPHA, p_shown
from lstm_tui.faces.stock.report import CHANCE
from lstm_tui.reports.judged import Report, wrapped
from lstm_tui.visible import padded, shortened_line
from lstm_tui.wording import PART_WORDS, column

NAME = 14  # cells of a symbol, at most
KEYS = "part", "days", "rmse", "persistence_rmse", "skill", "dm_p_value", "verdict"


def as_object(report: Report) -> dict[str, Any]:
    """What a program is told of a model's judgement."""
    return {key: report[key] for key in KEYS} | {"skilled": is_skilled(report)}


def line(report: Report) -> str:
    """The judgement in a line."""
    return str(report["verdict"])


def is_skilled(report: Report) -> bool | None:
    """Whether skill is claimed, as the verdict does it; None where nothing could be judged."""
    skill, p = report["skill"], report["dm_p_value"]
    if skill is None or p is None:
        return None
    return bool(skill > 0 and p < ALPHA)


def table(reports: Mapping[str, Sequence[Report]]) -> list[str]:
    """A row for each symbol, over the seeds that it was trained from."""
    seeds = max(map(len, reports.values()))
    names = min(NAME, max(len("symbol"), *map(len, reports)))
    errors = column([fmean(r["rmse"] for r in each) for each in reports.values()], 11)
    naive = column([each[0]["persistence_rmse"] for each in reports.values()], 11)
    lines = [f"{'symbol':<{names}}{'forecasts':>10}{'RMSE':>11}{'no change':>11}{'skill %':>9}{'p':>10}  verdict"]
    for (name, each), error, nothing in zip(reports.items(), errors, naive, strict=True):
        skill = _mean([r["skill"] for r in each])
        p = each[0]["dm_p_value"] if len(each) == 1 else None
        chance = "" if p is None else p_shown(p).removeprefix("p ").removeprefix("= ")
        lines.append(
            f"{padded(shortened_line(name, names), names)}{each[0]['days']:>10,}{error}{nothing}"
            f"{'-' if skill is None else f'{100 * skill:.2f}':>9}{chance:>10}  {_word(each, seeds)}"
        )
    return lines


def summary(reports: Mapping[str, Sequence[Report]]) -> dict[str, Any]:
    """Figures over all symbols: how many there are, were judged, show skill, and how often chance shows so many."""
    judged = {name: each for name, each in reports.items() if is_skilled(each[0]) is not None}
    skilled = sum(_most(each) for each in judged.values())
    skills = [skill for each in judged.values() if (skill := _mean([r["skill"] for r in each])) is not None]
    return {
        "symbols": len(reports),
        "judged": len(judged),
        "skilled": skilled,
        "chance": _at_least(skilled, len(judged)) if judged else None,
        "median_skill": median(skills) if skills else None,
    }


def summary_lines(reports: Mapping[str, Sequence[Report]]) -> list[str]:
    """What to think of it."""
    s = summary(reports)
    if not s["judged"]:
        return ["No skill to measure: on no symbol is the part long enough, or nothing moves in it."]
    part = PART_WORDS[next(iter(reports.values()))[0]["part"]]
    return wrapped(
        f"Skill on {s['skilled']} of {s['judged']} symbols. The median skill is {100 * s['median_skill']:.2f} %: so"
        f' much less squared error than "no change", on the {part} part. Where there is nothing to foretell, one symbol'
        f" says skill in up to {CHANCE:g} % of all cases: {s['skilled']} or more of {s['judged']} in"
        f" {100 * s['chance']:.2g} %, if they had nothing to do with each other. Prices of one market move together, so"
        " such luck comes to many at once."
    )


def _word(each: Sequence[Report], seeds: int) -> str:
    known = [skilled for r in each if (skilled := is_skilled(r)) is not None]
    if not known:
        return "cannot be judged"
    if seeds > 1:
        return f"skill with {sum(known)} of {len(known)} seeds"
    return "skill" if known[0] else "worse" if each[0]["skill"] < 0 and each[0]["dm_p_value"] < ALPHA else "no skill"


def _most(each: Sequence[Report]) -> bool:
    return 2 * sum(bool(is_skilled(r)) for r in each) > len(each)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _at_least(count: int, n: int) -> float:
    """How likely so many of n are, if each is one by chance alone."""
    share = CHANCE / 100
    return sum(comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(count, n + 1))
