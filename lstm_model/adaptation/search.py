"""Finding how fast to learn on a part that judges nothing: a few rules are tried, each from the trained weights."""

import math
from collections.abc import Callable, Generator

from lstm_model.adaptation.rules import Rule
from lstm_model.progress import sliced

FACTORS = (2.0, 0.5)  # what a number is multiplied with to find a better one: up first
MOST_MOVES = 3  # in one direction


def find_rule(
    score: Callable[[Rule], Generator[float, None, float]], first: Rule, most: int = 10
) -> Generator[float, None, Rule]:
    """The rule with the lowest `score`, a loss: the rate is doubled or halved while that helps, then the pull.

    first: where the search begins. most: scores at most. Yields the share that is done. A loss that is no number is the
    worst.
    """
    tried: dict[Rule, float] = {}

    def loss_of(rule: Rule) -> Generator[float, None, float]:
        if rule not in tried:
            loss = yield from sliced(score(rule), len(tried) / most, (len(tried) + 1) / most)
            tried[rule] = loss if math.isfinite(loss) else math.inf
        return tried[rule]

    best, least = first, (yield from loss_of(first))
    for vary in (_rate, _pull):
        for factor in FACTORS:
            moved = False
            for _ in range(MOST_MOVES):
                if len(tried) >= most:
                    break
                loss = yield from loss_of(vary(best, factor))
                if not loss < least:
                    break
                best, least, moved = vary(best, factor), loss, True
            if moved:
                break
    return best


def _rate(rule: Rule, factor: float) -> Rule:
    return Rule(rule.rate * factor, rule.pull)


def _pull(rule: Rule, factor: float) -> Rule:
    return Rule(rule.rate, rule.pull * factor)
