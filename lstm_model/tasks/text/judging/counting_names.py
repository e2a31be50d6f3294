"""The counting models: their keys in reports, and what they are called. A context of k characters is a (k + 1)-gram."""

LONGEST_CONTEXT = 8  # characters
UNIFORM, UNIGRAMS = "uniform", "unigram counts"
COUNTING = {
    "uniform": UNIFORM,
    "context_0": UNIGRAMS,
    **{f"context_{k}": f"{k + 1}-gram counts" for k in range(1, LONGEST_CONTEXT + 1)},
}
