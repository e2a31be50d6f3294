"""A sweep in words: its settings, its losses, its report."""

from collections.abc import Mapping
from typing import Any, Protocol

from lstm_model.sweeps.design import Design
from lstm_model.sweeps.space import Space
from lstm_model.sweeps.verdict import Over, Tried, Verdict, ranking
from lstm_tui.options.table import SETTINGS
from lstm_tui.visible import pasteable
from lstm_tui.wording import duration, figure

SHOWN = 10  # settings of the final table


class Told(Tried, Protocol):
    """A sweep, or how one stands."""

    @property
    def design(self) -> Design:
        """What it is asked to do."""
        ...


def setting_texts(space: Space, settings: Mapping[str, Any]) -> dict[str, str]:
    """Settings by the names that a person gave them, each as it is written on the command line."""
    return {name: SETTINGS[name].text(value) for name, value in space.named(settings).items()}


def settings_text(space: Space, settings: Mapping[str, Any]) -> str:
    """Settings as `hidden 12, lr 0.01724`."""
    return ", ".join(f"{name} {value}" for name, value in setting_texts(space, settings).items())


def over_text(loss: Over) -> str:
    """A mean, its spread, and over how many seeds."""
    spread = "" if loss.spread is None else f" ± {figure(loss.spread)}"
    return f"{figure(loss.mean)}{spread}" + (f" ({loss.n} seeds)" if loss.n > 1 else "")


def plan_lines(design: Design, where: str) -> list[str]:
    """What is tried, and how."""
    ends = f"until step {design.steps:,}" if design.steps else f"for {duration(60 * (design.minutes or 0))}"
    seeds = f", each from {design.seeds} seeds" if design.seeds > 1 else ""
    tried = ", ".join(dimension.name for dimension in design.space.dimensions)
    return [
        f"task    {design.base.task}, preset {design.base.preset}",
        f"tried   {tried}: {design.groups} settings{seeds} ({design.sampler}), {ends}",
        f"runs    {design.trials} trials, {where}; given up by: {design.pruner}",
    ]


def report_lines(sweep: Told, judged: Verdict) -> list[str]:
    """What a sweep came to: the best settings, the winner, and how much of it was luck."""
    space = sweep.design.space
    states = [t.outcome.state for t in sweep.searched.values() if t.outcome is not None]
    given_up, failed = states.count("pruned"), states.count("failed")
    besides = [f"{given_up} given up"] * bool(given_up) + [f"{failed} failed"] * bool(failed)
    lines = [
        f"{len(states)} trials{''.join(f', {each}' for each in besides)}; the best settings by validation loss:",
        *(f"  {over_text(each.loss)}  {settings_text(space, each.settings)}" for each in ranking(sweep)[:SHOWN]),
        "",
        f"winner  {settings_text(space, judged.winner.settings)}",
        f"in the sweep        {over_text(judged.winner.loss)}",
    ]
    if judged.again is not None:
        lines += [f"from fresh seeds    {over_text(judged.again)}", f"                    {of_luck(judged)}"]
    if judged.test is not None:
        lines += [f"on the test part    {over_text(judged.test)}  measured once, nothing was chosen by it"]
    runs = [trial for trial in judged.runs if trial.outcome is not None]
    if runs:
        lines += [f"look at it with     lstm-tui --eval-only --load {pasteable(str(runs[0].folder))}"]
    return lines


def of_luck(judged: Verdict) -> str:
    """How much of the winner's figure was luck, in a sentence."""
    luck, noise, again = judged.luck or 0.0, judged.noise, judged.again
    if luck <= 0:
        return "no worse than in the sweep: its figure there was no luck"
    second = judged.second
    text = f"{figure(luck)} worse than in the sweep: so much of its figure there was luck"
    if noise is not None:
        text = f"{figure(luck)} ± {figure(noise)} worse than in the sweep: "
        text += "so much of its figure there was luck" if luck > noise else "no clear sign of luck"
    if second is not None and again is not None and again.mean > second.loss.mean:
        text += f"; the next best settings had {figure(second.loss.mean)}, so they may be as good"
    return text
