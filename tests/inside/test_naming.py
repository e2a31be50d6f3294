"""Units are named for what they follow, and for nothing that is chance, choice or echo."""

from dataclasses import replace

import numpy as np
import pytest

from lstm_model.errors import InputError
from lstm_model.inside.following import auc, beyond, correlation, without_echo
from lstm_model.inside.naming import Naming, UnitName, ranked
from lstm_model.network.model import Network
from lstm_model.tasks.base import finish
from lstm_model.tasks.probes import Feature
from lstm_model.tasks.text.corpus import Vocabulary
from lstm_model.tasks.text.features import FEATURES
from support.planted import READ, RULES, TRAINED, planted_text, shuffled, streams_of, trained_on

SEEDS = 20


def test_auc_is_the_share_of_pairs_that_stand_in_order_with_ties_as_half() -> None:
    rng = np.random.default_rng(0)
    values, holds = rng.integers(0, 6, 60).astype(float), rng.random(60) < 0.3
    inside, outside = values[holds][:, None], values[~holds]
    expected = np.mean((inside > outside) + 0.5 * (inside == outside))
    assert auc(values, holds) == pytest.approx(expected, rel=1e-12)
    assert auc(values, np.zeros(60, bool)) == 0.5


def test_correlation_is_pearsons_and_of_what_stands_still_nothing() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=50), rng.normal(size=50)
    assert correlation(a, b) == pytest.approx(np.corrcoef(a, b)[0, 1], rel=1e-12)
    assert correlation(a, np.ones(50)) == 0


def test_what_the_last_ids_say_is_taken_off_and_what_only_a_memory_can_know_stays() -> None:
    rng = np.random.default_rng(0)
    x = rng.integers(0, 5, (400, 8))
    three_back = np.zeros(x.shape)
    three_back[3:] = x[:-3] == 2
    count = np.cumsum(x == 1, axis=0) % 2  # a parity
    rest = without_echo(np.stack([three_back, count], axis=-1), x)
    assert rest[..., 0].std() < 0.05 * three_back.std()
    assert rest[..., 1].std() > 0.9 * count.std()


def test_chance_is_ruled_out_for_a_unit_that_follows_and_not_for_noise() -> None:
    rng = np.random.default_rng(0)
    feature = np.repeat(rng.normal(size=(16, 8, 1)), 32, axis=0)  # (512, 8, 1): slow, as a text's features are
    units = np.repeat(rng.normal(size=(64, 8, 100)), 8, axis=0)
    units[..., 0] += feature[..., 0]
    found = finish(beyond(feature, units, np.random.default_rng(1)))
    assert found.real[0].tolist() == [True] + [False] * 99
    assert found.r[0, 0] == pytest.approx(correlation(feature.ravel(), units[..., 0].ravel()), abs=1e-5)


def test_a_unit_that_does_not_move_has_no_name_and_disturbs_no_other() -> None:
    feature = np.random.default_rng(0).normal(size=(512, 4, 1))
    units = np.concatenate([feature, np.ones_like(feature), np.full_like(feature, np.nan)], axis=-1)
    assert finish(beyond(feature, units, np.random.default_rng(1))).real[0].tolist() == [True, False, False]


def test_a_name_says_what_how_closely_and_where() -> None:
    assert str(UnitName(0, 137, "column in the line", 0.914, "r")) == "unit 137: column in the line, r 0.91"
    assert str(UnitName(1, 12, "inside quotes", 0.03, "AUC")) == "layer 2, unit 12: inside quotes, AUC 0.03"
    assert str(UnitName(0, 5)) == "unit 5: nothing clear"
    names = [UnitName(0, 0, "a", -0.6, "r"), UnitName(0, 1), UnitName(0, 2, "b", 0.05, "AUC")]
    assert [name.unit for name in ranked(names)] == [2, 0]


def test_naming_takes_more_than_a_page() -> None:
    text = planted_text("inside quotes", np.random.default_rng(0), 300)
    with pytest.raises(InputError, match="naming units takes 512 steps or more, and there are 288"):
        Naming(streams_of(text, Vocabulary("".join(sorted(set(text)))), B=2, warm_up=5), FEATURES)


def named(rule: str, seed: int) -> tuple[set[str], int]:
    """What units of a network are named that was trained on a rule; and how many, trained on the same text shuffled."""
    rng = np.random.default_rng(seed)
    text, held_out = planted_text(rule, rng, TRAINED), planted_text(rule, rng, READ + 1)
    network, vocabulary = trained_on(text, seed)
    found = ranked(finish(Naming(streams_of(held_out, vocabulary), FEATURES).name(network)))
    network, vocabulary = trained_on(shuffled(text, rng), seed)
    by_chance = ranked(finish(Naming(streams_of(shuffled(held_out, rng), vocabulary), FEATURES).name(network)))
    return {str(name.feature) for name in found}, len(by_chance)


def is_rule(rule: str, features: set[str]) -> bool:
    """Whether the rule has been found, and nothing else."""
    if rule == "brackets":
        return bool(features) and features <= {"inside parentheses", "inside square brackets", "inside angle brackets"}
    return features == {rule}


def test_a_planted_rule_is_found_and_a_feature_of_ones_own_names_the_same_units() -> None:
    rng = np.random.default_rng(0)
    network, vocabulary = trained_on(planted_text("inside quotes", rng, TRAINED), 0, steps=150)
    probe = streams_of(planted_text("inside quotes", rng, READ + 1), vocabulary)
    names = ranked(finish(Naming(probe, FEATURES).name(network)))
    assert {name.feature for name in names} == {"inside quotes"}
    odd = Feature("after an odd quote", lambda text: np.cumsum([c == '"' for c in text]) % 2, yes_no=True)
    again = ranked(finish(Naming(probe, (odd,)).name(network)))
    assert {name.unit for name in again} == {name.unit for name in names}


def test_nothing_is_found_in_a_network_that_reads_another_text_than_the_features_are_of() -> None:
    # Untrained units that read the same text do follow it a little: they echo a newline for some time.
    rng = np.random.default_rng(0)
    text, other = (shuffled(planted_text("column in the line", rng, READ + 1), rng) for _ in range(2))
    vocabulary = Vocabulary("".join(sorted({*text, *other})))
    network = Network(len(vocabulary), 48, len(vocabulary), 2)
    probe = replace(streams_of(other, vocabulary), source=text)
    assert ranked(finish(Naming(probe, FEATURES).name(network))) == []


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES)
def test_a_planted_rule_is_found_in_19_of_20_seeds_and_nothing_in_19_of_20_shuffled_texts(rule: str) -> None:
    found = [named(rule, seed) for seed in range(SEEDS)]
    assert sum(is_rule(rule, features) for features, _ in found) >= 19, found
    assert sum(by_chance == 0 for _, by_chance in found) >= 19, found
