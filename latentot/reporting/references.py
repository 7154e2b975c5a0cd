"""What two references of encoded endpoints say together: the walk drifts, or the posterior misses its prior."""

__all__ = ["both_references"]

from collections.abc import Sequence

from latentot.reporting.formats import listed
from latentot.runformat import Population, RunFolder

_PRIOR, _POSTERIOR = Population("encoded"), Population("encoded", "posterior")


def both_references(run: RunFolder) -> str:
    """What verdicts against the prior and against the aggregate posterior say together.

    A walk that keeps the law of the encodings and yet drifts from the prior does no wrong: the encodings themselves are
    not where the prior is. Where rows at t = 0 or 1 are stored, they show it directly.

    Args:
        run: the run.

    Returns:
        A few sentences; empty where encoded endpoints were not held against both.
    """
    verdicts = run.facts.verdicts
    prior, posterior = ({v.method: v.verdict for v in verdicts if v.key == p.key} for p in (_PRIOR, _POSTERIOR))
    methods = [method for method in prior if method in posterior]
    if not methods:
        return ""
    said = {method: (prior[method], posterior[method]) for method in methods}

    def those(*pair: str) -> list[str]:
        return [method for method in methods if said[method] == pair]

    excused, own, onto, both = (
        those("drifts", "keeps"),
        those("drifts", "drifts"),
        those("keeps", "drifts"),
        those("keeps", "keeps"),
    )
    unsaid = [method for method in methods if method not in {*excused, *own, *onto, *both}]
    every = all(prior[method] == "drifts" for method in methods)
    sentences = [_opening(excused, *_endpoints(run), every=every)]
    if own:
        also = "Every method drifts from the prior; " if every and not excused else ""
        sentences.append(
            f"{also}{listed(own)} {_s(own, 'drift')} from the aggregate posterior as well: that drift is the "
            "interpolation's own."
        )
    if onto:
        sentences.append(
            f"{listed(onto)} {_s(onto, 'keep')} the prior and {_s(onto, 'drift')} from the aggregate posterior: "
            f"{_it(onto)} {_s(onto, 'lead')} off the encodings, onto the prior."
        )
    if both:
        sentences.append(f"{listed(both)} {_s(both, 'keep')} both.")
    if unsaid:
        sentences.append(
            f"For {listed(unsaid)} the run cannot tell drift of the interpolation from a posterior that misses "
            "its prior."
        )
    return " ".join(sentence for sentence in sentences if sentence)


def _opening(excused: Sequence[str], ends: str, endpoints_drift: bool, *, every: bool) -> str:
    if excused:
        who = "Every method" if every else listed(excused)
        verb = "drifts" if every else _s(excused, "drift")
        also = f", and so do the encodings themselves (at {ends})" if endpoints_drift else ""
        keep = f"{listed(excused)} {_s(excused, 'keep')}" if every else _s(excused, "keep")
        return (
            f"{who} {verb} from the prior{also}, but {keep} the aggregate posterior: what {_it(excused)} "
            f"{_s(excused, 'miss', 'misses')} the prior by is not due to the interpolation, since the model's "
            "posterior misses its prior."
        )
    if not ends:
        return ""
    if endpoints_drift:
        return f"The encodings themselves (at {ends}) drift from the prior: the model's posterior misses it."
    return f"The encodings themselves (at {ends}) are not seen to drift from the prior."


def _endpoints(run: RunFolder) -> tuple[str, bool]:
    """At which ends encodings were held against the prior, in words, and whether they drift in every repeat."""
    rows = run.rows_of(_PRIOR)
    rows = rows[(rows["status"] == "ok") & rows["t"].isin([0, 1])]
    if rows.empty:
        return "", False
    ends = f"t = {listed([f'{t:g}' for t in sorted(rows['t'].unique())])}"
    return ends, bool((rows["drifts"].str.strip().str.lower() == "true").groupby(rows["repeat"]).any().all())


def _s(names: Sequence[str], verb: str, one: str = "") -> str:
    return (one or f"{verb}s") if len(names) == 1 else verb


def _it(names: Sequence[str]) -> str:
    return "it" if len(names) == 1 else "they"
