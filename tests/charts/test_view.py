"""The window on the steps stays inside them, keeps what it should hold in sight, and goes on with the newest step."""

from hypothesis import given
from hypothesis import strategies as st

from lstm_tui.charts.view import ALL, LEAST_WIDTH, RECENT_PART, View

moves = st.one_of(
    st.tuples(st.just("zoomed"), st.sampled_from([0.5, 2.0]), st.none() | st.floats(0, 1)),
    st.tuples(st.just("moved"), st.floats(-3, 3), st.none()),
    st.tuples(st.just("holding"), st.floats(0, 1), st.none()),
    st.tuples(st.just("next"), st.none(), st.none()),
)


def moved(view: View, move: tuple[str, float | None, float | None], last: float) -> View:
    name, amount, at = move
    if name == "next":
        return view.next()
    assert amount is not None
    if name == "zoomed":
        return view.zoomed(amount, last, None if at is None else at * last)
    return view.moved(amount, last) if name == "moved" else view.holding(amount * last, last)


@given(st.lists(moves, max_size=12), st.floats(0, 1e7))
def test_whatever_keys_do_the_window_lies_within_the_steps(
    moved_by: list[tuple[str, float | None, float | None]], last: float
) -> None:
    view = ALL
    for move in moved_by:
        view = moved(view, move, last)
        start, stop = view.span(last)
        assert 0 <= start <= stop <= last
        assert stop - start >= min(LEAST_WIDTH, last) * 0.99 or view == RECENT_PART


def test_all_grows_with_the_run_and_recent_is_its_last_fifth() -> None:
    assert ALL.span(100) == (0, 100)
    assert ALL.span(1000) == (0, 1000)
    assert RECENT_PART.span(1000) == (800, 1000)
    assert ALL.next() == RECENT_PART
    assert RECENT_PART.next() == ALL


def test_zooming_in_from_all_keeps_the_newest_step_and_goes_on_with_it() -> None:
    view = ALL.zoomed(0.5, 1000)
    assert view.span(1000) == (500, 1000)
    assert view.span(1200) == (700, 1200)
    assert view.name == "zoomed"


def test_zooming_around_a_step_keeps_it_where_it_is() -> None:
    view = ALL.zoomed(0.5, 1000, at=250)
    assert view.span(1000) == (125, 625)
    assert view.span(5000) == (125, 625)


def test_zooming_out_far_enough_shows_all_again() -> None:
    assert ALL.zoomed(0.5, 1000).zoomed(2.0, 1000) == ALL


def test_moving_to_the_end_follows_the_run_again() -> None:
    back = ALL.zoomed(0.5, 1000).moved(-0.5, 1000)
    assert back.span(2000) == (250, 750)
    assert back.moved(9, 1000).span(2000) == (1500, 2000)


def test_a_step_out_of_sight_is_brought_to_the_edge() -> None:
    view = ALL.zoomed(0.1, 1000)
    assert view.holding(950, 1000) == view
    assert view.holding(500, 1000).span(1000) == (500, 600)


def test_before_the_first_step_every_move_is_harmless() -> None:
    assert ALL.zoomed(0.5, 0.0) == ALL
    assert ALL.moved(1, 0.0) == ALL
    assert ALL.holding(0.0, 0.0) == ALL


def test_a_window_of_a_longer_run_still_fits_a_shorter_one() -> None:
    view = ALL.zoomed(0.5, 1000).moved(-0.2, 1000)
    assert view.span(100) == (0, 100)
