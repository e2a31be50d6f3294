"""A sweep as it stands: nothing is lost and nothing counts twice, whatever happens to it."""

import json
from pathlib import Path
from typing import Any

import pytest

from lstm_model.errors import InputError, WorkError
from lstm_model.settings.config import Config
from lstm_model.storage.checkpoint import load_checkpoint
from lstm_model.sweeps.space import Values
from lstm_model.sweeps.sweep import JOURNAL, Sweep
from lstm_model.sweeps.trial import RESULT, Order, Outcome, Reached, run_trial
from lstm_model.sweeps.verdict import ranking, verdict
from support.roads import RATES, WIDTHS, Here, design, driven, made_up, swept


def by_width(config: Config) -> float:
    """Wider is better; the second seed of the sweep is lucky."""
    return 10 / config.hidden_size - 0.1 * (config.seed == 6)


def by_rate(config: Config) -> float:
    return config.learning_rate + 0.001 * config.seed


def journal(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line.partition(" ")[2]) for line in (folder / JOURNAL).read_text().splitlines()]


def outcomes(sweep: Sweep) -> dict[str, Outcome | None]:
    return {trial.folder.name: trial.outcome for trial in sweep.trials.values()}


def test_every_setting_is_trained_from_every_seed_and_the_winner_again(tmp_path: Path) -> None:
    road = Here(made_up(by_width))
    sweep = Sweep(design(sampler="grid", seeds=2, pruner="none"), tmp_path / "sweep")
    driven(sweep, road)
    configs = [Config.from_dict(order.config) for _, order in road.begun]
    assert [(c.hidden_size, c.seed) for c in configs] == [(w, s) for w in (4, 6, 8) for s in (5, 6)] + [(8, 7), (8, 8)]
    assert [order.test for _, order in road.begun] == [False] * 6 + [True] * 2
    assert [each.settings["hidden_size"] for each in ranking(sweep)] == [8, 6, 4]


def test_the_verdict_says_how_much_was_luck(tmp_path: Path) -> None:
    sweep, _ = swept(tmp_path / "sweep", made_up(by_width), sampler="grid", seeds=2, pruner="none")
    judged = verdict(sweep)
    assert judged is not None
    assert judged.again is not None
    assert judged.test is not None
    assert (judged.winner.loss.mean, judged.again.mean) == pytest.approx((1.2, 1.25))
    assert (judged.luck, judged.test.mean) == pytest.approx((0.05, 1.75))
    assert judged.again.n == 2


def test_a_sweep_that_stops_anywhere_comes_to_the_same(tmp_path: Path) -> None:
    how = {"seeds": 2, "groups": 4}
    whole, _ = swept(tmp_path / "whole", made_up(by_rate), RATES, **how)
    for most in range(1, 10):
        folder = tmp_path / f"stopped{most}"
        first, _ = swept(folder, made_up(by_rate), RATES, most=most, **how)
        assert not first.over
        sweep, told = swept(folder, made_up(by_rate), RATES, **how)
        assert outcomes(sweep) == outcomes(whole)
        ends = [entry["ended"] for entry in journal(folder) if "ended" in entry]
        assert sorted(ends) == list(range(len(sweep.trials)))  # type: ignore[type-var]
        assert [each.trial.number for each in told if each.what == "begun"] == list(range(most, len(sweep.trials)))


def test_a_trial_that_ended_before_the_journal_heard_of_it_counts_once(tmp_path: Path) -> None:
    folder = tmp_path / "sweep"
    sweep = Sweep(design(), folder)
    trial = sweep.next()
    assert trial is not None
    trial.folder.mkdir()
    (trial.folder / RESULT).write_text(json.dumps({"state": "done", "val_loss": 0.25}))
    sweep.close()  # as if it was killed here
    again = Sweep(design(), folder)
    assert again.trials[0].outcome == Outcome("done", 0.25)
    following = again.next()
    assert following is not None
    assert following.number == 1
    again.close()


@pytest.mark.parametrize("how", ["half", "whole"])
def test_a_trial_of_a_deleted_sweep_is_not_gone_on_with(how: str, tmp_path: Path) -> None:
    """A worker keeps trials under the name of a sweep: one of that name may have had other settings, or another end."""
    plan = design(steps=20)

    def order(steps: int = 20, **settings: Any) -> Order:
        config = plan.base.changed(**settings)
        return Order(config.as_dict(), str(tmp_path / "trial"), plan.sha256, steps)

    def trained(asked: Order, leave_after: int = 10**6) -> tuple[Outcome | None, list[int]]:
        seen: list[Reached] = []
        return run_trial(asked, seen.append, lambda: "leave" if len(seen) >= leave_after else "go on"), [
            each.step for each in seen
        ]

    half = 2 if how == "half" else 10**6
    trained(order(), half)
    assert trained(order(threads=1))[1][:2] == (
        [15, 20] if how == "half" else []
    )  # the same trial goes on, or has ended
    for other in (order(learning_rate=0.5), order(learning_rate=0.5, steps=10), order(seed=6)):
        outcome, steps = trained(other, half)
        assert steps[0] == 5
        outcome, steps = trained(other)
        assert outcome is not None
        assert (outcome.step, outcome.state) == (other.steps, "done")
    assert load_checkpoint(tmp_path / "trial" / "last.safetensors").record.config.seed == 6


@pytest.mark.parametrize("damage", ["half a line", "a line", "all of it"])
def test_a_damaged_journal_costs_nothing(damage: str, tmp_path: Path) -> None:
    """Settings come from the order or the folders, outcomes from the folders."""
    folder = tmp_path / "sweep"

    def train(number: int, order: Order, tell: object) -> Outcome | None:
        return run_trial(order, lambda _: None, lambda: "go on")

    how: dict[str, Any] = {"groups": 3, "again": 1, "steps": 6, "pruner": "none"}
    whole, _ = swept(tmp_path / "sweep", train, **how)
    lines = (folder / JOURNAL).read_bytes().splitlines(keepends=True)
    if damage == "half a line":
        lines[-1] = lines[-1][: len(lines[-1]) // 2]
    elif damage == "a line":
        lines[2] = lines[2].replace(b"0", b"7")
        lines[3] = b"\x00" * 9 + b"\n"
    else:
        lines = []
    (folder / JOURNAL).write_bytes(b"".join(lines))
    sweep = Sweep(design(**how), folder)
    assert len(sweep.notes) == (damage == "a line")
    road = Here(train)
    driven(sweep, road)
    assert outcomes(sweep) == outcomes(whole)
    assert ranking(sweep) == ranking(whole)


def test_optunas_settings_are_found_in_the_folders_where_the_journal_lost_them(tmp_path: Path) -> None:
    folder = tmp_path / "sweep"

    def train(number: int, order: Order, tell: object) -> Outcome | None:
        return run_trial(order, lambda _: None, lambda: "go on")

    how: dict[str, Any] = {"groups": 2, "again": 0, "steps": 3, "sampler": "optuna"}
    first = Sweep(design(RATES, WIDTHS, **how), folder)
    driven(first, Here(train))
    (folder / JOURNAL).unlink()
    anew = Sweep(design(RATES, WIDTHS, **how), folder)
    anew.close()
    assert {n: (t.settings, t.outcome) for n, t in anew.trials.items()} == {
        n: (t.settings, t.outcome) for n, t in first.trials.items()
    }


def test_a_process_that_dies_is_tried_again_and_not_for_ever(tmp_path: Path) -> None:
    deaths = {0: 1, 1: 99}

    def train(number: int, order: Order, tell: object) -> Outcome | None:
        deaths[number] = deaths.get(number, 0) - 1
        return None if deaths[number] >= 0 else Outcome("done", 1.0)

    sweep, told = swept(tmp_path / "sweep", train, again=0)
    assert [each.what for each in told if each.trial.number == 0] == ["begun", "died", "begun", "ended"]
    failed = sweep.trials[1].outcome
    assert failed is not None
    assert (failed.state, failed.why) == ("failed", "its process was killed, as the last of 3")
    assert [sweep.trials[k].outcome for k in (0, 2)] == [Outcome("done", 1.0)] * 2
    deaths[1] = 0
    on_a_better_day, told = swept(tmp_path / "sweep", train, again=0)
    assert [each.trial.number for each in told] == [1, 1]
    assert on_a_better_day.trials[1].outcome == Outcome("done", 1.0)


def test_trials_that_run_badly_are_given_up_and_the_reason_is_kept(tmp_path: Path) -> None:
    widths = Values("hidden_size", "hidden", (40, 41, 42, 43, 4, 44))

    def loss(config: Config) -> float:
        return 10 / config.hidden_size

    sweep = Sweep(design(widths, groups=6, sampler="grid", again=0), tmp_path / "sweep")
    told = driven(sweep, Here(made_up(loss)))
    outcome = sweep.trials[4].outcome
    assert outcome is not None
    assert outcome.state == "pruned"
    assert outcome.why == next(each.why for each in told if each.what == "given up")
    assert "the median of 4 others" in outcome.why
    assert 4 not in sweep.losses
    assert Sweep(sweep.design, sweep.folder).trials[4].outcome == outcome


def test_another_sweep_on_the_folder_is_refused(tmp_path: Path) -> None:
    Sweep(design(), tmp_path / "sweep").close()
    Sweep(design(), tmp_path / "sweep").close()
    for other, said in (
        ({"steps": 21}, "with another end of a trial"), ({"seeds": 2}, r"\(its seeds: 1\)"),
        ({"sha256": "other"}, "of other data"), ({"sampler": "grid"}, r"\(its sampler: random\)"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=f"sweep holds another sweep.*{said}: name another with `save`"):
            Sweep(design(**other), tmp_path / "sweep")
    with pytest.raises(InputError, match="which tries other values"):
        Sweep(design(RATES), tmp_path / "sweep")


# A trial


def order(folder: Path, **changed: object) -> Order:
    one = design()
    config = one.base.changed(threads=1).as_dict()
    return Order(**({"config": config, "folder": str(folder), "sha256": one.sha256, "steps": 20} | changed))  # type: ignore[arg-type]


def trained(order: Order, leave_at: int = 0, wish: str = "leave") -> tuple[Outcome | None, list[Reached]]:
    """A trial, left or given up after so many slices of work."""
    told: list[Reached] = []
    slices = iter(range(10**6))

    def wished() -> str:
        return "go on" if not leave_at or next(slices) < leave_at else wish

    return run_trial(order, told.append, wished), told  # type: ignore[arg-type]


def test_a_trial_is_a_run_like_any_other(tmp_path: Path) -> None:
    outcome, told = trained(order(tmp_path / "run", test=True))
    assert outcome is not None
    assert (outcome.state, outcome.step) == ("done", 20)
    assert outcome.test_loss is not None
    assert [point.step for point in told if point.share < 1] == [5, 10, 15]
    assert outcome.val_loss == min(point.loss for point in told) == told[-1].best
    assert {"best.safetensors", "config.json", "last.safetensors", RESULT} <= {
        file.name for file in (tmp_path / "run").iterdir()
    }


def test_a_trial_that_was_left_goes_on_to_the_same_end(tmp_path: Path) -> None:
    unbroken, _ = trained(order(tmp_path / "unbroken"))
    for at in (1, 9, 17):
        folder = tmp_path / f"left{at}"
        assert trained(order(folder), at)[0] is None
        outcome, _ = trained(order(folder))
        assert outcome is not None
        assert unbroken is not None
        assert (outcome.val_loss, outcome.best_step, outcome.step) == (unbroken.val_loss, unbroken.best_step, 20)
        one, other = (load_checkpoint(run / "last.safetensors").tensors for run in (folder, tmp_path / "unbroken"))
        assert all((one[name] == other[name]).all() for name in other)


def test_a_trial_that_is_given_up_is_saved_and_ends(tmp_path: Path) -> None:
    outcome, _ = trained(order(tmp_path / "run"), 9, "give up")
    assert outcome is not None
    assert (outcome.state, outcome.test_loss) == ("pruned", None)
    assert load_checkpoint(tmp_path / "run" / "last.safetensors").record.step == outcome.step < 20
    assert trained(order(tmp_path / "run"))[0] == outcome  # and stays so


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sha256": "other"}, "is not the data that the sweep was begun with"),
        ({"version": "0.0.9"}, "the sweep was begun by 0.0.9"),
        ({"config": design().base.changed(hidden_size=10_000_000).as_dict()}, "GB of memory"),
    ],
)
def test_a_trial_that_cannot_be_trained_says_why(changed: dict[str, object], said: str, tmp_path: Path) -> None:
    outcome, _ = trained(order(tmp_path / "run", **changed))
    assert outcome is not None
    assert (outcome.state, said in outcome.why) == ("failed", True), outcome.why


def test_a_full_disk_is_no_fault_of_the_trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("lstm_model.runs.folder.save_checkpoint", full)
        with pytest.raises(WorkError, match="No space left on device"):
            trained(order(tmp_path / "run"))
    assert not (tmp_path / "run" / RESULT).exists()
    outcome, _ = trained(order(tmp_path / "run"))
    assert outcome is not None
    assert outcome.state == "done"
