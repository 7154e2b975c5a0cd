"""How to read a report: the terms that a run uses, a paragraph each."""

__all__ = ["reading"]

from latentot.runformat import RunFolder

_REFERENCES = (
    "Prior and posterior",
    "Encoded endpoints are held against two laws. The prior: can the model have drawn such a point? The aggregate "
    "posterior, known by fresh encodings of other held-out data: is the point where encodings are? A walk that drifts "
    "from both drifts by itself. One that keeps the posterior but not the prior shows a model whose posterior misses "
    "its prior. Endpoints, reference and null draws of the posterior are dealt from the same data, anew each time, as "
    "in a permutation test.",
)
_CONTROLS = (
    "Controls",
    "What is known before the run. Endpoints follow the law that they are held against, and must not lie beyond the "
    "tail of the null, and draws of a prior must follow the laws of coordinate, norm and direction that it says it has "
    "(Kolmogorov-Smirnov; 0.1 % for all of a run's controls together). Metrics whose null has a heavy tail raise no "
    "alarm. Encoded endpoints need not follow the prior, so against it they are no control. A sample shrunk to half "
    "its size must be seen to drift (p < 0.05 by one metric). Where endpoints fail, every verdict on them is "
    "inconclusive; where the shrunk sample goes unseen, only 'drifts' stands.",
)
_NULL = (
    "Null band",
    "What a metric gives when nothing drifts: whole walks that keep the law exactly, on fresh pairs of it, measured "
    "against the same reference with the same number of points. Finite samples never give zero. ",
)
_EXCESS = (
    "Excess",
    "How far a value, the mean over repeats, lies above the mean of the null, in standard deviations of the null. "
    "The largest of many excesses is above zero by chance alone; the corrected p allows for that.",
)
_DIFFERENCE = (
    "Difference",
    "The same in the metric's own unit, the value less the mean of the null, with its 95 % interval. An excess grows "
    "with the number of points, a difference hardly does: it says whether a drift matters. Its standard deviation is "
    "that of the null or, where it is greater, one found by the jackknife: the metric without each eighth of the "
    "points in turn (Efron and Tibshirani 1993). The reference adds its own, which "
    "repeats share and do not average out. The interval is that of one measurement alone.",
)
_P = (
    "p (corrected)",
    "How often chance alone gives an excess this large anywhere among the metrics and t of a method. "
    "It is compared with a level that is the chance of any false drift in the whole comparison, split over its methods "
    "and rounds (Bonferroni). R repeats among B null draws cannot give less than 1 / C(R + B, R).",
)
_MARGIN = (
    "Margin",
    "The difference that is small enough not to matter, stated before the run (by default 5 % of what linear "
    "interpolation misses by or, on a prior that linear keeps, of what a sample shrunk to half its size misses by). "
    "What is far from chance can still lie within it.",
)
_VERDICT = (
    "Verdict",
    "keeps: the upper bound of every difference lies below its margin; a measurement too noisy to resolve its margin "
    "has a say only if it is beyond chance, but at every t one must resolve it. A drift beyond chance that is bounded "
    "below the margin is noted as detectable. drifts: not so, and the corrected p is below its level. inconclusive: "
    "neither; more points would tell. A run of growing n goes on, with fresh pairs, reference and null draws in each "
    "round, until every method has its verdict.",
)
_SHARE = (
    "Share of linear's drift",
    "The difference of a method divided by that of linear (on a prior that linear keeps, by that of a sample "
    "shrunk to half its size; in data space by that of cross-fading, data that are each the mean of two), by the "
    "measurement with a say in which it is largest, with its 95 % interval. The margin is a share of the same.",
)
_THEORY = (
    "Theory",
    "exact: the method keeps this prior by theorem, as its source says, wherever endpoints are independent draws. "
    "A drift of such a method is a contradiction to be looked into. approximate: it would, but the laws that it goes "
    "by are estimated from samples, and coordinates are taken as independent, or directions as uniform.",
)
_DRIFTS_FROM = (
    "Drifts from",
    "The smallest t at which a method is beyond chance, and the metric that shows it best there. Between it and the t "
    "before nothing was measured.",
)
_LEAST = (
    "What is not seen",
    "The least shift of one coordinate, change of scale and correlation of two that some metric tells from none with a "
    "chance of 95 %, at the t where that takes the most: what metrics give of draws of the prior that are spoiled by "
    "known amounts, held against the least difference that each would have seen. Sizes grow by factors of three and "
    "are interpolated between. An estimate is of three samples; from seed to seed its standard deviation is "
    "about 15 % of a shift, and 35 % of a change of scale or of a correlation (500 pairs of 16 coordinates).",
)
_MORE = (
    "How many pairs would tell",
    "Noise falls as one over the root of the number of pairs. The number beside 'inconclusive' is that with which, at "
    "every t, some metric's noise is well below its margin, so that a method without drift would be found to keep.",
)


def reading(run: RunFolder) -> tuple[tuple[str, str], ...]:
    """The terms that a report of this run uses.

    Args:
        run: the run; what an older one does not know is left out.

    Returns:
        Terms and what they mean, in the order in which the page uses them.
    """
    if not run.facts.null:
        origin = ""
    elif "cached" in run.facts.null.values():
        origin = (
            "Some bands of this run come from a cache of earlier runs with the same prior, settings, seed and source, "
            "and are number for number what this run would have computed: the set-up says which."
        )
    else:
        origin = "Bands may come from a cache of earlier runs; those of this run were computed, as the set-up says."
    entries = (
        (_REFERENCES, any(population.reference == "posterior" for population in run.populations)),
        (_CONTROLS, run.facts.controls is not None),
        ((_NULL[0], (_NULL[1] + origin).strip()), True),
        (_EXCESS, True),
        (_DIFFERENCE, any(cell.low is not None for cell in run.facts.cells)),
        (_P, True),
        (_MARGIN, True),
        (_VERDICT, True),
        (_SHARE, any(verdict.share is not None for verdict in run.facts.verdicts)),
        (_THEORY, any(verdict.theory for verdict in run.facts.verdicts)),
        (_DRIFTS_FROM, any(verdict.first_t is not None for verdict in run.facts.verdicts)),
        (_LEAST, bool(run.facts.misses)),
        (_MORE, any(verdict.verdict == "inconclusive" for verdict in run.facts.verdicts)),
    )
    return tuple(entry for entry, wanted in entries if wanted)
