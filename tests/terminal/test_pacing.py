"""Drawings are spaced so that they cost training and link no more than they may."""

import pytest

from lstm_tui.terminal.pacing import Budget


class Work:
    """A thread's computing time, moved on by hand."""

    def __init__(self) -> None:
        self.seconds = 3.0

    def __call__(self) -> float:
        return self.seconds


class Clock:
    """A clock that has gone on by an hour each time it is read."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 3600
        return self.now


@pytest.mark.parametrize("cost", [0.002, 0.013, 0.03])
def test_computing_stays_within_its_share_whatever_a_drawing_costs(cost: float) -> None:
    work = Work()
    budget = Budget(share=0.02, compute=work, clock=Clock())
    passed = 0.0
    for _ in range(100):
        work.seconds += cost
        passed += budget.rest(0)
    assert 100 * cost / passed <= 0.02 * 1.001


def test_bytes_stay_within_what_the_link_takes() -> None:
    budget = Budget(bytes_per_second=1000, compute=Work(), clock=Clock())
    assert budget.rest(1500) == pytest.approx(1.5)
    assert budget.rest(1600) == budget.least


def test_a_rest_is_neither_nothing_nor_for_ever() -> None:
    work = Work()
    budget = Budget(compute=work, clock=Clock())
    assert budget.rest(0) == budget.least
    work.seconds += 60
    assert budget.rest(0) == budget.most


def test_a_slow_link_gets_fewer_and_smaller_pictures() -> None:
    slow, fast = Budget.of_link(slow=True), Budget.of_link(slow=False)
    assert slow.least > fast.least
    assert slow.bytes_per_second < fast.bytes_per_second


def test_the_start_is_free_for_it_is_dear_only_once() -> None:
    work = Work()
    budget = Budget(compute=work, clock=lambda: 0.0)
    work.seconds += 1
    assert budget.rest(100_000) == budget.least
