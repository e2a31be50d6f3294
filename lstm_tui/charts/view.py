"""Which part of the steps a chart shows: all, the recent ones, or a window that keys zoom and move. Pure numbers."""

from dataclasses import dataclass

RECENT = 0.2  # the share of all steps that the recent view shows
LEAST_WIDTH = 20.0  # steps: closer up there is nothing more to see


@dataclass(frozen=True)
class View:
    """A part of the steps from 0 to the last; where it ends at the newest step it goes on with it.

    share: of all steps, for the views that grow with the run; None: the window of `width` steps that ends at `stop`.
    """

    share: float | None = 1.0
    width: float = 0.0
    stop: float | None = None  # None: at the newest step

    @property
    def name(self) -> str:
        """As the frame of the chart says it."""
        return {1.0: "all", RECENT: "recent"}.get(self.share or 0.0, "zoomed")

    def span(self, last: float) -> tuple[float, float]:
        """First and last step of the part, `last` being the newest."""
        if self.share is not None:
            return last * (1 - self.share), last
        stop = last if self.stop is None else min(self.stop, last)
        return max(0.0, stop - self.width), stop

    def zoomed(self, factor: float, last: float, at: float | None = None) -> "View":
        """Show `factor` as much, around the step `at`, else around the newest step or the middle of the window."""
        start, stop = self.span(last)
        if at is None or not start <= at <= stop:
            at = stop if stop == last else (start + stop) / 2
        width = max(LEAST_WIDTH, factor * (stop - start))
        if width >= last:
            return ALL
        share = (stop - at) / (stop - start) if stop > start else 0.0
        return _window(at + share * width, width, last)

    def moved(self, share: float, last: float) -> "View":
        """Move by a share of what is shown, as far as there are steps."""
        start, stop = self.span(last)
        if start <= 0 and stop >= last:
            return self
        return _window(stop + share * (stop - start), stop - start, last)

    def holding(self, step: float, last: float) -> "View":
        """Move just so far that a step can be seen."""
        start, stop = self.span(last)
        if start <= step <= stop:
            return self
        return _window(step if step > stop else step + stop - start, stop - start, last)

    def next(self) -> "View":
        """From all to the recent part and back; from a window to all."""
        return RECENT_PART if self == ALL else ALL


def _window(stop: float, width: float, last: float) -> View:
    width = max(width, min(LEAST_WIDTH, last))
    stop = max(stop, width)
    return View(None, width, None if stop >= last else stop)


ALL = View()
RECENT_PART = View(RECENT)
