"""run.json: what was asked for, where it was computed, and what was found."""

__all__ = [
    "SCHEMA",
    "Cell",
    "Control",
    "Decoder",
    "Definition",
    "Facts",
    "Miss",
    "Population",
    "Round",
    "Verdict",
    "Walk",
    "population_label",
]

import math
from dataclasses import field
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Strict, StrictBool, StrictStr
from pydantic.dataclasses import dataclass

SCHEMA = 1
"""Rises when files of an older version cannot be read as those of this one; what an older version did not write yet has
a default. Null stands for the default."""


def _unless_null(default: Any) -> BeforeValidator:
    return BeforeValidator(lambda given: default if given is None else given)


Text = Annotated[StrictStr, _unless_null("")]
Flag = Annotated[StrictBool, _unless_null(False)]
Number = Annotated[
    Annotated[float, Strict()] | None,
    AfterValidator(lambda number: None if number is None or math.isnan(number) else number),
]
Section = Annotated[dict[str, Any], _unless_null({})]
Law = Annotated[StrictStr, _unless_null("prior")]
"""What points are held against: prior or posterior."""
Space = Annotated[StrictStr, _unless_null("latent")]
"""Where points are measured: latent, or data, which is features of what they decode to."""


def population_label(endpoints: str, reference: str = "prior", space: str = "latent") -> str:
    """The name of a population in titles, in streams of random numbers and in names of arrays."""
    held = "" if reference == "prior" else f" against {reference}"
    return f"{endpoints}{held}{', decoded' * (space == 'data')}"


def _subject(about: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(about.get("provenance") or {}, dict):
        raise ValueError("subject.provenance is not a set of named values")
    return about


@dataclass(frozen=True)
class Population:
    """The points that a verdict is about: how endpoints came about, and the law that points are held against.

    Args:
        endpoints: "prior" or "encoded".
        reference: "prior" or "posterior".
        n: pairs of one repeat, in the last round.
        repeats: each with fresh pairs.
        n_reference: points of the reference.
        n_null: null draws.
        rounds: how many there may be.
        false_drift, false_keep: how often verdicts may err, of the whole comparison and of one method.
        space: "latent", or "data".
    """

    endpoints: StrictStr
    reference: Law = "prior"
    space: Space = "latent"
    n: Number = None
    repeats: Number = None
    n_reference: Number = None
    n_null: Number = None
    rounds: Number = None
    false_drift: Number = None
    false_keep: Number = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells populations apart: endpoints, reference and space."""
        return self.endpoints, self.reference, self.space

    @property
    def label(self) -> str:
        """The name that `Facts.null` and arrays know it by.

        >>> Population("encoded", "posterior").label, Population("prior", space="data").label
        ('encoded against posterior', 'prior, decoded')
        """
        return population_label(self.endpoints, self.reference, self.space)


@dataclass(frozen=True, kw_only=True)
class _Finding:
    """What is said of one population: `subject` is its study's label, empty where a run has only one."""

    subject: Text = ""
    model: Text = ""
    prior: Text = ""
    dim: Number = None
    endpoints: StrictStr
    reference: Law = "prior"
    space: Space = "latent"

    @property
    def key(self) -> tuple[str, str, str]:
        """The population that it is about."""
        return self.endpoints, self.reference, self.space


@dataclass(frozen=True, kw_only=True)
class Verdict(_Finding):
    """What a run says of one method: `excess` in null standard deviations, `seconds` for all points.

    `theory` is "exact" where the method claims to keep the prior, "approximate" where it would but for laws that are
    estimated. `share` is its drift as a share of linear's, with its 95 % interval, by `share_metric` at `share_t`.
    `first_metric` shows drift best at `first_t`, the smallest t where
    there is drift beyond chance: `p_value` below `level`. `round` and its pairs `n` gave the verdict. `status` is "ok",
    or why nothing could be measured.
    """

    method: StrictStr
    verdict: StrictStr
    theory: Text = ""
    share: Number = None
    share_low: Number = None
    share_high: Number = None
    share_metric: Text = ""
    share_t: Number = None
    round: Number = None
    n: Number = None
    worst_metric: Text = ""
    worst_t: Number = None
    excess: Number = None
    first_metric: Text = ""
    first_t: Number = None
    p_value: Number = None
    level: Number = None
    seconds: Number = None
    reason: Text = ""
    note: Text = ""
    status: Text = ""


@dataclass(frozen=True, kw_only=True)
class Cell(_Finding):
    """One method under one metric at the t where it is worst; `excess` in null standard deviations.

    `difference` is value - null_mean in the metric's unit, from `low` to `high` with 95 % confidence; `noise` is by how
    much the `upper` bound may lie above it where nothing drifts; an excess of `least` or more is seen with a chance of
    95 %.
    """

    method: StrictStr
    metric: StrictStr
    t: Number = None
    value: Number = None
    null_mean: Number = None
    null_sd: Number = None
    excess: Number = None
    difference: Number = None
    low: Number = None
    high: Number = None
    upper: Number = None
    noise: Number = None
    margin: Number = None
    baseline: Number = None
    p_value: Number = None
    level: Number = None
    least: Number = None
    keeps: Flag = False
    drifts: Flag = False


@dataclass(frozen=True, kw_only=True)
class Miss(_Finding):
    """What a method that is found to keep may still miss by: a "shift" of one coordinate, in `unit`, a change of
    "scale", as a share, or a "correlation" of two coordinates.

    A miss of `least` or more is seen with a chance of 95 %, by `metric` where it takes the most; null where none up to
    the size `tried` is.
    """

    method: StrictStr
    miss: StrictStr
    least: Number = None
    tried: Number = None
    unit: Text = ""
    metric: Text = ""


@dataclass(frozen=True, kw_only=True)
class Control(_Finding):
    """What is known beforehand of one sample, and whether it came out: `control` is "t = 0", "t = 1" or "shrunk"."""

    control: StrictStr
    repeat: Number = None
    holds: StrictBool
    round: Number = None
    metric: Text = ""
    p_value: Number = None
    reason: Text = ""


@dataclass(frozen=True, kw_only=True)
class Walk(_Finding):
    """How walks of one method look: the mean of a measure over `n` walks, and its standard error.

    `method` is "cross-fade" for what is known beforehand: endpoints blended as data. `better` tells which values are
    better: "lower", "higher" or "neither".
    """

    method: StrictStr
    measure: StrictStr
    value: Number = None
    error: Number = None
    n: Number = None
    better: Text = "neither"
    unit: Text = ""
    status: Text = "ok"


@dataclass(frozen=True, kw_only=True)
class Decoder:
    """What one judge says of draws of the prior, decoded, beside real data that were held out: the decoder's own fault.

    `value` is what the judge gives, its null (`null_mean`, `null_sd`, `n_null` draws) what it gives of other real data
    of the same kind, `n` of them each; `excess` is in standard deviations of the null, greater where decoded draws are
    worse; `real` is the same of real data that have no part in the null.
    """

    subject: Text = ""
    judge: StrictStr
    value: Number = None
    null_mean: Number = None
    null_sd: Number = None
    n_null: Number = None
    excess: Number = None
    p_value: Number = None
    real: Number = None
    n: Number = None
    unit: Text = ""
    status: Text = "ok"


@dataclass(frozen=True, kw_only=True)
class Definition:
    """What a method or a metric is: its title, formula, claims, stated Monte-Carlo error and source."""

    title: Text = ""
    formula: Text = ""
    claims: Text = ""
    unit: Text = ""
    cost: Text = ""
    error: Text = ""
    citation: Text = ""


@dataclass(frozen=True, kw_only=True)
class Round:
    """One population at one size, of those that a run goes on with until it can tell, with the methods still open."""

    subject: Text = ""
    round: Number = None
    endpoints: Text = ""
    reference: Law = "prior"
    space: Space = "latent"
    n: Number = None
    repeats: Number = None
    methods: Annotated[tuple[StrictStr, ...], _unless_null(())] = ()


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All of run.json.

    Args:
        schema: the version of the format.
        title: of the study.
        study, studies: settings, and those of every subject of a run that has several, with its label.
        subject: the prior or the model: its kind, name, label, prior, shape, dim, facts and provenance.
        populations: what the verdicts are about.
        methods, metrics: what each is, by its name.
        verdicts: one a method and population.
        misses: what methods that are found to keep may still miss by; none where an older run did not measure it.
        walks: measures of whole walks, in data space.
        decoder: what judges say of the decoder itself.
        cells: one a method, metric and population.
        controls: what is known beforehand; None where an older run knew of none.
        null: whether the null band of a population was "computed" or "cached", by the population's label.
        rounds: the sizes that were computed one after the other, of each population.
        failures, reasons: pieces that could not be computed, and each reason once, with what it cost.
        versions, plugins, source: the software: packages, plugins of models, latentot's commit.
        machine, computed: where the command ran, and what computed cells, where that is something else.
        seed, command, started, finished, seconds: how to repeat it, and what it took.
        results_sha256: of the results.csv that it belongs to.
    """

    schema: int = SCHEMA
    title: Text = ""
    study: Section = field(default_factory=dict)
    studies: Annotated[list[dict[str, Any]], _unless_null([])] = field(default_factory=list)
    subject: Annotated[dict[str, Any], AfterValidator(_subject)]
    populations: Annotated[tuple[Population, ...], _unless_null(())] = ()
    methods: Annotated[dict[str, Definition], _unless_null({})] = field(default_factory=dict)
    metrics: Annotated[dict[str, Definition], _unless_null({})] = field(default_factory=dict)
    verdicts: tuple[Verdict, ...]
    cells: tuple[Cell, ...]
    controls: tuple[Control, ...] | None = None
    null: Annotated[dict[str, StrictStr], _unless_null({})] = field(default_factory=dict)
    rounds: Annotated[tuple[Round, ...], _unless_null(())] = ()
    misses: Annotated[tuple[Miss, ...], _unless_null(())] = ()
    walks: Annotated[tuple[Walk, ...], _unless_null(())] = ()
    decoder: Annotated[tuple[Decoder, ...], _unless_null(())] = ()
    failures: Annotated[tuple[StrictStr, ...], _unless_null(())] = ()
    reasons: Annotated[list[dict[str, Any]], _unless_null([])] = field(default_factory=list)
    versions: Section = field(default_factory=dict)
    plugins: Section = field(default_factory=dict)
    source: Section = field(default_factory=dict)
    machine: Section = field(default_factory=dict)
    computed: Section = field(default_factory=dict)
    seed: Any = None
    command: Text = ""
    started: Text = ""
    finished: Text = ""
    seconds: Section = field(default_factory=dict)
    results_sha256: Text = ""
