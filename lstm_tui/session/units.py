"""Losses in nats or in bits: one choice, for everything that the screen shows of a run."""

from dataclasses import replace
from math import log

from lstm_model.curves.history import Buckets
from lstm_model.settings.task_kinds import kind_of
from lstm_tui.session.snapshot import Curves, Figure, Snapshot

NAT = 1 / log(2)  # bits


def can_be_bits(task: str) -> bool:
    """Whether a task's loss is an entropy; that of prices is a squared error."""
    return kind_of(task).words.loss.startswith("nats")


def unit_of(snapshot: Snapshot) -> str:
    """The unit of the losses in a snapshot, as people read it."""
    unit = kind_of(snapshot.task).words.loss
    return unit.replace("nats", "bits") if snapshot.is_in_bits else unit


def in_bits(snapshot: Snapshot) -> Snapshot:
    """A snapshot with its losses in bits, if they were nats."""
    if snapshot.is_in_bits or not can_be_bits(snapshot.task):
        return snapshot
    rival = None if snapshot.rival is None else in_bits(snapshot.rival)
    return replace(
        snapshot, figure=_figure(snapshot.figure), curves=_curves(snapshot.curves), rival=rival, is_in_bits=True
    )


def _figure(f: Figure) -> Figure:
    whole = None if f.full_val_loss is None else (f.full_val_loss[0], f.full_val_loss[1] * NAT)
    val, best = _times(f.val_loss), _times(f.best_val_loss)
    glimpse = None if f.glimpse is None else f.glimpse._replace(loss=f.glimpse.loss * NAT)
    return replace(f, loss=_times(f.loss), val_loss=val, best_val_loss=best, full_val_loss=whole, glimpse=glimpse)


def _times(value: float | None) -> float | None:
    return None if value is None else value * NAT


def _curves(curves: Curves) -> Curves:
    references = tuple((name, loss * NAT) for name, loss in curves.references)
    return replace(curves, train=scaled(curves.train), val=scaled(curves.val), references=references)


def scaled(curve: Buckets) -> Buckets:
    """A curve of nats, in bits."""
    return curve._replace(mean=curve.mean * NAT, low=curve.low * NAT, high=curve.high * NAT)
