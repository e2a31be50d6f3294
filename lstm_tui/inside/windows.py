"""Which part of something long is shown, so that the cursor can be seen."""


def window(at: int, count: int, width: int) -> int:
    """Where a window of a width begins that shows `at` of `count`, near its middle where it can."""
    return min(max(0, at - width // 2), max(0, count - width))


def scrolled(top: int, at: int, count: int, height: int) -> int:
    """The first row to show, moved as little as it takes to show `at`."""
    return min(max(0, min(top, at), at - height + 1), max(0, count - height))
