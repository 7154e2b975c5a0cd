"""Comparing ways of walking through a latent space: the one call that does it all."""

__all__ = ["Comparison", "ControlWarning", "compare"]

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latentot import reporting, study
from latentot.errors import FailureWarning, InputError
from latentot.metrics import DEFAULT
from latentot.models import MODELS, Model
from latentot.paths import interpolations
from latentot.plots import Plots, population_of
from latentot.priors import Prior, as_prior
from latentot.progress import shown
from latentot.reading import path_of
from latentot.runformat import RunFolder, as_stored, prepare
from latentot.summary import failure_lines, summary, summary_html

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


Asked = str | Mapping[str, Any] | Callable[..., Any] | tuple[str, Callable[..., Any]]
"""A method or a metric: its name, with its options or without, or what it is."""


class ControlWarning(UserWarning):
    """A control failed: the run, or its model, should not be trusted."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """What a comparison found.

    Args:
        outcome: results, facts and artefacts, as they are stored.
    """

    outcome: study.Outcome

    def __repr__(self) -> str:
        return summary(self.outcome)

    def _repr_html_(self) -> str:
        return summary_html(self.outcome)

    @property
    def results(self) -> "pd.DataFrame":
        """One row a measurement, beside its null band: see the columns' meaning in the README."""
        return self.outcome.results

    def failures(self) -> list[str]:
        """What failed, a line a reason; nothing where all was measured."""
        return failure_lines(self.outcome)

    def failed_controls(self) -> list[str]:
        """Why controls did not hold, a line each; nothing where all did."""
        return [control["reason"] for control in self.outcome.facts["controls"] if not control["holds"]]

    @property
    def controls(self) -> "pd.DataFrame":
        """One row a control: endpoints, which follow their law, and a shrunk sample, which does not; do they hold?"""
        import pandas as pd

        return pd.DataFrame(self.outcome.facts["controls"])

    def verdict(
        self, endpoints: str | None = None, reference: str | None = None, space: str | None = None
    ) -> "pd.DataFrame":
        """One row a method: keeps, drifts or inconclusive, where it is worst, and what it costs.

        Args:
            endpoints: which endpoints, "prior" or "encoded"; the first that were compared by default.
            reference: what points are held against, "prior" or "posterior" (encodings of other data, for endpoints that
                are encoded); the first of them by default.
            space: where points are measured, "latent", or "data" where judges saw what they decode to; the first by
                default.

        Returns:
            Columns model, prior, dim, endpoints, reference, space, method, verdict, theory ("exact" where the method
            keeps the prior by theorem, "approximate" where it would but for laws that are estimated from samples, "not
            claimed"), share (of linear's drift, with its 95 % interval share_low to share_high, by share_metric at
            share_t), round and n (pairs) that gave the verdict, worst_metric, worst_t,
            excess (in standard deviations of the null), first_metric and first_t (of what drifts, at the smallest t,
            the greatest excess), p_value (corrected for all measurements of the method), level (below it p is more than
            chance among all tests of the comparison), seconds (for the points of one repeat at one t), reason, note,
            and status: "ok", or why nothing could be measured. Where neither endpoints nor a reference are asked for,
            others of which nothing could be measured have a row each, of "every method".

        Raises:
            InputError: nothing of the kind was compared.
        """
        import pandas as pd

        verdicts = pd.DataFrame(self.outcome.facts["verdicts"])
        every = verdicts
        for column, asked in (("endpoints", endpoints), ("reference", reference), ("space", space)):
            known = list(dict.fromkeys(verdicts[column]))
            if asked is not None and asked not in known:
                raise InputError(f"no {column} {asked!r} was compared: {', '.join(known)}")
            verdicts = verdicts[verdicts[column] == (asked or known[0])]
        if endpoints is None and reference is None and space is None:
            verdicts = pd.concat([verdicts, _lost(every.drop(verdicts.index))])
        return verdicts.reset_index(drop=True)

    @cached_property
    def _run(self) -> RunFolder:
        """The run as a report reads it."""
        return as_stored(self.outcome.results, self.outcome.facts, self.outcome.artefacts)

    @property
    def plot(self) -> Plots:
        """The report's pictures as matplotlib figures: `.drift()`, `.norms()`, `.strips()`, `.tradeoff()`."""
        return Plots(self._run)

    def to_markdown(self, endpoints: str | None = None, reference: str | None = None, space: str | None = None) -> str:
        """The verdicts as a Markdown table.

        Args:
            endpoints, reference, space: which, as `verdict` takes them.
        """
        return reporting.verdicts_markdown(self._run, population_of(self._run, endpoints, reference, space))

    def to_latex(
        self,
        endpoints: str | None = None,
        reference: str | None = None,
        space: str | None = None,
        *,
        caption: str = "",
        label: str = "",
    ) -> str:
        """The verdicts as a LaTeX table, for a paper that has the packages booktabs and amssymb.

        Args:
            endpoints, reference, space: which, as `verdict` takes them.
            caption: as LaTeX has it; what was compared by default.
            label: of the table.
        """
        run = self._run
        return reporting.verdicts_latex(run, population_of(run, endpoints, reference, space), caption, label)

    def report(self, folder: Path | str) -> Path:
        """Write the results and a report of them.

        Args:
            folder: where; created if it does not exist.

        Returns:
            The path of report.html.
        """
        path = path_of(folder, "the folder of a report")
        study.write(self.outcome, path)
        return reporting.render(path)


def _lost(verdicts: "pd.DataFrame") -> "pd.DataFrame":
    """One row for each population of which nothing could be measured."""
    failed = verdicts["status"] != "ok"
    names = ["endpoints", "reference", "space"]
    lost = failed.groupby([verdicts[name] for name in names]).transform("all")
    return verdicts[lost].drop_duplicates(names).assign(method="every method")


def compare(
    subject: "Prior | Model | NDArray[Any]",
    methods: "Asked | Sequence[Asked]" = ("linear", "spherical", "cauchy", "earth-mover"),
    metrics: "Asked | Sequence[Asked]" = DEFAULT,
    t: float | Sequence[float] = (0.25, 0.5),
    n: int | str = "auto",
    repeats: int = 3,
    seed: int = 0,
    *,
    judges: "Asked | Sequence[Asked]" = (),
    features: "Asked" = "pca",
    data: str | None = None,
    latents: str | None = None,
    endpoints: str | Sequence[str] | None = None,
    null_draws: int | None = None,
    margin: float = 0.05,
    false_drift: float = 0.01,
    false_keep: float = 0.05,
    max_pairs: int | None = None,
    max_decoded: int | None = None,
    budget: float | None = None,
    jobs: int = 1,
    scheduler: str | None = None,
    cluster: str | None = None,
    out: Path | str | None = None,
    cache: bool = True,
    progress: study.Progress | bool | None = None,
) -> Comparison:
    """Compare interpolations: how far from the prior are the points on the way, and is that more than chance?

    Args:
        subject: a prior, or a model; latents of shape (n, *shape) are an `Empirical` prior.
        methods: names out of `interpolations()`, or {"name": ..., "options": {...}}; "all" that the prior can serve; an
            `Interpolation`; any callable (z0, z1, t) -> z, by its `__name__`, or ("name", callable).
        metrics: names out of `drifts()`, or {"name": ..., "options": {...}}; a `Metric`, such as `drift("mmd",
            width=2.0)`; any callable (z, reference, *, rng) -> float, by its `__name__`, or ("name", callable).
        t: positions between 0 and 1. Of methods, metrics, positions and endpoints one may stand alone.
        n: pairs in each repeat; "auto" takes as many as verdicts need, in rounds of 500, 2,000, 8,000, ... pairs, which
            a method leaves as soon as its verdict is settled.
        repeats: how often, each with fresh pairs.
        seed: the same seed gives the same numbers.
        judges: names out of `list_judges()`, or {"name": ..., "options": {...}}, a judge, a metric, or any callable
            (features, reference, *, rng) -> float: they see what a model decodes points to, and are held
            against decoded draws of the prior, with null bands, rounds and verdicts of their own; those of whole walks
            measure these.
        features: what judges see of data: a name out of `latentot.features`, fitted to the data's training part or to
            decoded draws, {"name": ..., "options": {...}}, or any callable from data, shape (n, ...), to (n, k).
        data: a data source to encode, and to fit features to, such as "digits".
        latents: a file with what data were encoded to elsewhere, such as "npz:codes.npy", in place of data.
        endpoints: "prior", "encoded" or both; all that the subject and the data allow by default.
        null_draws: draws of the null band, at least 19, of one repeat 20: the least p-value of R repeats among B draws
            is 1 / C(R + B, R), and one that cannot fall below 0.05 is refused. If not said 39, or as many more as
            `false_drift` takes.
        margin: the share of linear's excess that is still taken as keeping the prior, between 0 and 1.
        false_drift: the chance, at most, that any method that keeps the prior is said to drift, split over spaces,
            methods and rounds. Where so few null draws are asked for that ranks cannot tell it, each test has the
            level 0.05.
        false_keep: the chance, at most, that a method that misses by the margin or more is said to keep, split over
            rounds.
        max_pairs: of the last round at most; 128,000, or as many as 25 million numbers are, if not said.
        max_decoded: the same of rounds whose points are decoded; 8,000 if not said.
        budget: seconds; no round begins that would end later. What has been settled stays.
        jobs: processes.
        scheduler: the address of a Dask scheduler whose workers compute instead, such as "tcp://host:8786"; the subject
            and the methods must not be made of what a script defines.
        cluster: "local" for processes that are Dask workers; a script then needs `if __name__ == "__main__":`.
        out: a folder where every piece is kept as soon as it is known, so that the same call goes on where one stopped,
            and where the report is written at the end.
        cache: whether null bands of latentot's own priors are kept in the user's cache folder ($LATENTOT_CACHE).
        progress: True shows a bar, on a terminal or in a notebook; a function is called as pieces are done: how many,
            of how many in all rounds up to this one, which, and the seconds that it took.

    Raises:
        InputError: a name or a value is not accepted.

    Warns:
        ControlWarning: a control did not hold; what it voids is inconclusive.
        FailureWarning: something failed, such as an encoder or a metric, and why: once a reason; the rest is there.
        WaitingWarning: the scheduler has no workers yet; their cells wait.

    >>> import latentot as lot
    >>> result = lot.compare(lot.Normal(8), methods=["linear", "cauchy"], n=500, repeats=1, seed=0,
    ...                      metrics=["sliced-wasserstein", "norm-wasserstein"])
    >>> result.verdict()[["method", "verdict"]].values.tolist()[0]
    ['linear', 'drifts']
    """
    subject = _as_subject(subject)
    if not (callable(progress) or progress is None or isinstance(progress, bool)):
        raise InputError(f"progress is True or a function of (done, of, what, seconds), got {progress!r:.100}")
    prior = subject.prior if isinstance(subject, Model) else subject
    chosen, own = study.own_methods(interpolations(prior) if methods == "all" else methods, prior)
    measures, own_metrics = study.own_metrics(metrics)
    seen_by, own_judges = study.own_judges(judges)
    seen, own_features = study.own_features(features)
    settings = {"null_draws": null_draws, "max_pairs": max_pairs, "max_decoded": max_decoded}
    asked = study.Study.of(
        methods=chosen,
        metrics=measures,
        judges=seen_by,
        features=seen,
        t=t,
        pairs=n,
        repeats=repeats,
        seed=seed,
        data=data,
        latents=latents,
        endpoints=endpoints,
        margin=margin,
        false_drift=false_drift,
        false_keep=false_keep,
        budget=budget,
        **{name: given for name, given in settings.items() if given is not None},
    )
    engine = study.Engine(jobs, scheduler, cluster)
    null_cache = study.NullCache(study.default_folder()) if cache else None
    folder = None if out is None else path_of(out, "the folder of a comparison")
    if folder is not None:
        prepare(folder)
    with shown(quiet=progress is not True) as bar:
        outcome = study.run(
            asked,
            live=subject,
            methods=own,
            metrics=own_metrics,
            judges=own_judges | own_features,
            engine=engine,
            folder=folder,
            progress=progress if callable(progress) else bar,
            null_cache=null_cache,
        )
    result = Comparison(outcome)
    if folder is not None:
        result.report(folder)
    for failure in result.failures():
        warnings.warn(failure, FailureWarning, stacklevel=2)
    for reason in result.failed_controls():
        warnings.warn(f"a control failed: {reason}", ControlWarning, stacklevel=2)
    return result


def _as_subject(given: Any) -> Prior | Model:
    """The prior or the model that is meant."""
    if isinstance(given, Model):
        return given
    if isinstance(given, str) and given in MODELS.names():
        raise InputError(f"compare takes a prior or a model, got {given!r}: write lot.load_model({given!r}, ...)")
    if given is Model:
        raise InputError("compare takes a prior or a model, got a class: write lot.Model(prior=..., decode=...)")
    return as_prior(given)
