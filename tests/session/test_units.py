"""Losses in nats or bits: all of a snapshot at once, and what is no entropy stays."""

import math

import pytest

from lstm_tui.session.units import can_be_bits, in_bits, unit_of
from support.stage import still


def test_every_loss_of_a_snapshot_is_turned_into_bits_once() -> None:
    nats = still("text")
    bits = in_bits(nats)
    assert in_bits(bits) is bits
    f, g = nats.figure, bits.figure
    for name in ("loss", "val_loss", "best_val_loss"):
        assert getattr(g, name) == pytest.approx(getattr(f, name) / math.log(2))
    assert g.full_val_loss is not None
    assert g.full_val_loss[1] == pytest.approx(1.25 / math.log(2))
    for curve in ("train", "val"):
        before, after = getattr(nats.curves, curve), getattr(bits.curves, curve)
        assert after.step == pytest.approx(before.step)
        for name in ("mean", "low", "high"):
            assert getattr(after, name) == pytest.approx(getattr(before, name) / math.log(2))
    assert dict(bits.curves.references)["uniform"] == pytest.approx(4.56 / math.log(2))
    assert (unit_of(nats), unit_of(bits)) == ("nats per character", "bits per character")


def test_a_squared_error_has_one_unit() -> None:
    stock = still("stock")
    assert not can_be_bits("stock")
    assert in_bits(stock) is stock
