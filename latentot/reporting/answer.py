"""The answer of a run in one plain sentence a population."""

__all__ = ["answer", "promises", "subject", "subject_name"]

import math
from collections.abc import Iterable

from latentot.reporting.formats import NOTHING, count, listed, number, plain, share, signed
from latentot.reporting.populations import baseline, law
from latentot.runformat import Population, RunFolder, Verdict


def subject(run: RunFolder) -> str:
    """What was judged, in full: the name, its prior where that says more, and the size."""
    about = run.facts.subject
    prior, shape = plain(about.get("label") or about.get("prior")), about.get("shape")
    name = subject_name(run)
    parts = [name] if prior in (name, NOTHING) else [name, f"prior {prior}"]
    parts.append(f"d = {plain(about.get('dim'))}")
    if isinstance(shape, list) and len(shape) > 1:
        parts.append(f"shape {' × '.join(plain(side) for side in shape)}")  # noqa: RUF001
    return ", ".join(parts)


def subject_name(run: RunFolder) -> str:
    """A model by its name, a prior with its parameters, where the run stores them."""
    about = run.facts.subject
    named = about.get("name") if about.get("kind") == "model" else about.get("label") or about.get("name")
    return plain(named)


def answer(run: RunFolder, population: Population) -> str:
    """The sentence that a report opens with.

    Args:
        run: the run.
        population: the one it is about.

    Returns:
        Which methods keep the law that their points are held against and at what price, which drift and how far, which
        remain open.
    """
    verdicts = [verdict for verdict in run.facts.verdicts if verdict.key == population.key]
    where = _between(run, population)
    if not verdicts:
        return f"{where}, the run reached no verdict."
    named = {name: [v for v in verdicts if v.verdict == name] for name in ("keeps", "drifts", "inconclusive")}
    # Draws of the prior are held against it as a matter of course; for all else the opening has named the law.
    kept = law("prior") if population.endpoints == population.reference == "prior" else "it"
    clauses = [_kept(named["keeps"], kept, len(verdicts), population.n)]
    if drifting := named["drifts"]:
        clauses.append(f"{_names(drifting)} {_verb(drifting, 'drift')} from it{_furthest(drifting)}")
    if open_ones := named["inconclusive"]:
        why = ", since a control failed" if run.control_failed(population) else ""
        clauses.append(f"{_names(open_ones)} {'is' if len(open_ones) == 1 else 'are'} inconclusive{why}")
    clauses += [f"{v.method} is judged {v.verdict!r}" for v in verdicts if v.verdict not in named]
    return f"{where}, {'; '.join(clauses)}."


def promises(run: RunFolder) -> tuple[str, ...]:
    """How often verdicts of the whole run may err, and over which spaces that is split; older runs promise nothing."""
    known = [(p.false_drift, p.false_keep) for p in run.populations if p.false_drift and p.false_keep]
    if not known:
        return ()
    drift, keep = map(max, zip(*known, strict=True))
    rounds = max(p.rounds or 1 for p in run.populations)
    said = (
        f"In at most {100 * drift:.2g} % of such comparisons is any method that keeps the law said to drift; a method "
        "that misses by the margin, in a measurement that has a say, is said to keep with a chance of at most "
        f"{100 * keep:.2g} %{f', over all of up to {count(rounds)} rounds' if rounds > 1 else ''}."
    )
    if len({p.space for p in run.populations}) == 1:
        return (said,)
    half = "Half of the first chance is for verdicts on latents, half for those on what they decode to."
    return said, half


def _between(run: RunFolder, population: Population) -> str:
    about = run.facts.subject
    name, is_model = subject_name(run), about.get("kind") == "model"
    whose = name if is_model or about.get("label") else f"{name} (d = {plain(about.get('dim'))})"
    between = {
        "encoded": f"two encodings of data by {whose}",
        "prior": f"two draws from {'the prior of ' if is_model else ''}{whose}",
    }.get(population.endpoints, f"two endpoints ({population.endpoints}) of {whose}")
    if population.endpoints == population.reference == "prior":
        return f"Between {between}"
    return f"Between {between}, held against {law(population.reference, explained=True)}"


def _kept(keeping: list[Verdict], kept: str, n_methods: int, n: float | None) -> str:
    if not keeping:
        return f"no method keeps {kept}" if n_methods > 1 else f"the only method is not seen to keep {kept}"
    priced = [(v.seconds, v.method, n if v.n is None else v.n) for v in keeping if v.seconds is not None]
    price = ""
    if priced:
        seconds, cheapest, n = min(priced, key=lambda own: own[0] / (own[2] or 1))
        points = f" for {count(n)} points" if n is not None else ""
        named = f"cheapest: {cheapest}, " if len(keeping) > 1 else ""
        price = f" ({named}{number(seconds)} s{points})"
    return f"{_names(keeping)} {_verb(keeping, 'keep')} {kept}{price}"


def _furthest(drifting: list[Verdict]) -> str:
    known = [v for v in drifting if v.excess is not None and not math.isnan(v.excess)]
    if not known:
        return ""
    if shares := [v for v in known if v.share is not None and v.method != "linear"]:
        largest = max(shares, key=lambda v: v.share or 0.0)
        named = f"furthest of the others: {largest.method}, " if len(drifting) > 1 else ""
        far = share(largest.share, largest.share_low, largest.share_high)
        return f" ({named}{far} of {baseline(largest.space)} drift)"
    worst = max(known, key=lambda v: v.excess or 0.0)
    named = f"furthest: {worst.method}, " if len(drifting) > 1 else ""
    at = f" at t = {worst.worst_t:g}" if worst.worst_t is not None else ""
    by = f" by {worst.worst_metric}" if worst.worst_metric else ""
    return f" ({named}{signed(worst.excess)} null standard deviations{at}{by})"


def _names(verdicts: Iterable[Verdict]) -> str:
    return listed([verdict.method for verdict in verdicts])


def _verb(verdicts: list[Verdict], verb: str) -> str:
    return f"{verb}s" if len(verdicts) == 1 else verb
