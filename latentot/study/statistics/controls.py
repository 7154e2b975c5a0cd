"""Controls: results that are known beforehand; where one fails, the run should not be trusted."""

__all__ = ["Control", "check_controls"]

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentot.metrics import tail_p_value
from latentot.study.work.controls import CONSTANT, CROSS_FADE, POWER, SHRUNK, Controls
from latentot.study.work.failure import Failure

FALSE_ALARM = 0.001
"""How often endpoints that follow their law raise an alarm, all of a run together, whatever subjects it has."""
_POWER = {
    SHRUNK: "a sample shrunk to half its size",
    CROSS_FADE: "a sample of data that are each the mean of two",
    CONSTANT: "a sample of data that are all the same",
}
SEEN = 0.05
"""The corrected p-value below which a shrunk sample is seen to drift."""


@dataclass(frozen=True)
class Control:
    """What became of one control.

    Args:
        control: "t = 0" and "t = 1", endpoints, which follow the law; "shrunk", half of it, which does not; in data
            space "cross-fade", the mean of two, and "constant", one for all.
        repeat: the repeat whose endpoints these are.
        holds: whether it came out as it must.
        metric: the one that is furthest from chance, or the prior's law that is not followed.
        p_value: its p-value, corrected for all tests of the control's kind.
    """

    control: str
    repeat: int
    holds: bool
    metric: str
    p_value: float

    @property
    def is_power(self) -> bool:
        """Whether it is a control of what the study can see, not of what it takes for drift."""
        return self.control in POWER

    @property
    def reason(self) -> str:
        """In words."""
        if self.is_power:
            return (
                f"{_POWER[self.control]} is not seen to drift (least p = {self.p_value:.2g}, "
                f"{self.metric}): the study is too small or its metrics are insensitive; use more pairs or "
                "other metrics"
            )
        return (
            f"endpoints at {self.control} of repeat {self.repeat + 1} do not follow the law that they are held against "
            f"({self.metric}, p = {self.p_value:.2g}): samples or encodings do not follow the law that is declared"
        )


def check_controls(
    null: Mapping[str, NDArray[np.float64]],
    outcomes: Sequence[Controls],
    tests: int,
    heavy: Collection[str] = (),
) -> list[Control]:
    """Which controls hold.

    Endpoints are held to lie within the tail of the null, and to follow the prior's own laws, at 0.1 % for all tests
    together (Bonferroni); what is shrunk must be beyond the null for one metric, at 5 %.

    Args:
        null: null draws of each metric at one t, shape (B,); NaN where there is none.
        outcomes: the controls of each repeat.
        tests: how many endpoint tests the run has in all, were there as many in each space and of each subject.
        heavy: metrics whose null has the tail of a power law, which has false alarms: endpoints are not held to it.
    """
    found = []
    for repeat, outcome in enumerate(outcomes):
        for name, measured in outcome.measured.items():
            p_values = {
                metric: tail_p_value(null[metric], value.value)
                for metric, value in measured.items()
                if not isinstance(value, Failure)
                and np.isfinite(null[metric]).all()
                and (name in POWER or metric not in heavy)
            } | dict(outcome.laws.get(name, {}))
            if p_values:
                metric = min(p_values, key=lambda name: p_values[name])
                p_value = min(1.0, p_values[metric] * (len(p_values) if name in POWER else tests))
                holds = p_value < SEEN if name in POWER else p_value >= FALSE_ALARM
                found.append(Control(name, repeat, holds, metric, p_value))
    return found
