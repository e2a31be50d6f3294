"""The lessons by name. Free of NumPy, so that --help can list them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lesson:
    """A mistake, where it is made, and the chapter that explains it."""

    title: str
    module: str  # in this package; its `outcome` does the work
    chapter: str  # its file in docs/book


LESSONS: dict[str, Lesson] = {
    "forget-bias": Lesson("A forget gate that starts half closed", "forget_bias", "07-start-values.md"),
    "state": Lesson("A state that is carried where it must not be", "carried_state", "08-long-texts.md"),
    "future": Lesson("The future leaks into a forecast", "future", "12-prices.md"),
    "clipping": Lesson("No bound on the gradient", "clipping", "09-taking-steps.md"),
    "lag": Lesson("A lag that is called skill", "lag", "12-prices.md"),
}
