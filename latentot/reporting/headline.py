"""The answer of a run in one sentence of at most 25 words: which method to use, and why."""

__all__ = ["MOST_WORDS", "Headline", "headline", "headline_over"]

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from latentot.reporting.formats import count, listed, number
from latentot.reporting.populations import kept_where
from latentot.runformat import Population, RunFolder, Verdict

MOST_WORDS = 25
_LETTERS, _WORDS = 24, 2  # of a method's name: what fits the sentence whatever names are
_NAMED = 2  # methods, or laws, that a sentence names; of more it says how many
_MORE = 4  # the same where they are what it is about
_SPELLED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True)
class Headline:
    """What the first screen says.

    Args:
        sentence: the answer.
        recommended: the method to use; empty where none is known to keep anything.
        state: keeps, drifts or inconclusive, for its colour.
    """

    sentence: str
    recommended: str
    state: str


def headline(run: RunFolder) -> Headline:
    """The answer of a run.

    The method that is found to keep most laws is recommended; of those that keep as many, the one that drifts in the
    fewest populations, and of these the cheapest for one point.

    Args:
        run: the run.
    """
    trusted = [own for own in run.populations if not run.control_failed(own)]
    verdicts = [own for own in run.facts.verdicts if own.key in {population.key for population in trusted}]
    if not run.facts.verdicts:
        return Headline("The run reached no verdict.", "", "inconclusive")
    if not verdicts:
        failed = sum(not control.holds for control in run.facts.controls or ())
        controls = "control" if failed == 1 else "controls"
        return Headline(f"Do not rely on this run: {count(failed)} {controls} failed.", "", "drifts")
    kept = {
        method: tuple(own.key for own in verdicts if own.method == method and own.verdict == "keeps")
        for method in dict.fromkeys(own.method for own in verdicts)
    }
    if not any(kept.values()):
        return Headline(_none_keeps(verdicts), "", "drifts" if _all(verdicts, "drifts") else "inconclusive")
    best = min(kept, key=lambda method: (-len(kept[method]), _drifts(verdicts, method), _price(verdicts, method, run)))
    laws = _laws([population for population in trusted if population.key in kept[best]])
    said = listed(laws) if len(laws) <= _NAMED else f"the law in {len(laws)} of {len(trusted)} populations"
    peers = [method for method in kept if kept[method] == kept[best]]
    # Without a price there is no cheapest.
    cheapest = len(peers) > 1 and _price(verdicts, best, run) < float("inf")
    who = f"Use {_short(best)}, the cheapest of {_spelled(len(peers))} that keep" if cheapest else ""
    start = f"{who or f'Use {_short(best)}: it keeps'} {said}"
    judged = [own for own in verdicts if own.key in kept[best]]
    return Headline(_closed(start, _others(judged, best)), best, "keeps")


def headline_over(states: Mapping[str, Sequence[str]], law: str, subjects: int) -> Headline:
    """The answer of several subjects in one sentence.

    Methods that keep everywhere are named, or else those that keep most often; the first is recommended.

    Args:
        states: of each method, its verdict wherever it was tried.
        law: what is kept.
        subjects: how many there are.

    >>> headline_over({"linear": ["drifts"] * 3, "cauchy": ["keeps"] * 3}, "the prior", 3).sentence
    'cauchy keeps the prior on all three subjects; linear drifts on all.'
    """
    if not any(states.values()):
        return Headline("No subject reached a verdict.", "", "inconclusive")
    kept, drifting = ({m: own.count(verdict) for m, own in states.items()} for verdict in ("keeps", "drifts"))
    most, cases = max(kept.values()), max(map(len, states.values()))
    always = [method for method, times in drifting.items() if times == cases]
    once = [method for method, times in drifting.items() if times and method not in always]
    every = [method for method, times in kept.items() if times == cases]
    best = every or [method for method, times in kept.items() if times and times == most]
    where = f"on all {_spelled(subjects)} subjects"
    if not every:
        nowhere = ", and drift nowhere" if len(best) > 1 else ", and drifts nowhere"
        where = f"most often, in {most} of {cases}"
        where += nowhere if not any(drifting[method] for method in best) else ""
    if best:
        who = listed([_short(method) for method in best]) if len(best) <= _MORE else f"{count(len(best))} methods"
        start = f"{who} {'keeps' if len(best) == 1 else 'keep'} {law} {where}"
    else:
        start = f"No method is shown to keep {law} anywhere"
    for named in (_MORE, _NAMED):
        clauses = [
            f"{_names(some, named)} {'drifts' if len(some) == 1 else 'drift'} on {subjects_of}"
            for some, subjects_of in ((always, "all"), (once, "some"))
            if some
        ]
        sentence = _closed(start, clauses)
        if sentence.endswith(f"{clauses[-1]}." if clauses else "."):
            break
    return Headline(sentence, best[0] if best else "", "keeps" if best else "drifts")


def _laws(kept: Sequence[Population]) -> list[str]:
    """What is kept, a law that is kept in both spaces once."""
    latent = {population.label for population in kept if population.space == "latent"}
    twins = [replace(population, space="latent").label for population in kept if population.space == "data"]
    return [
        f"{kept_where(population)}{', also decoded' * (population.label in twins)}"
        for population in kept
        if population.space == "latent" or replace(population, space="latent").label not in latent
    ]


def _others(verdicts: Sequence[Verdict], best: str) -> list[str]:
    """What becomes of the other methods where the best keeps, a clause each."""
    drifting = list(dict.fromkeys(own.method for own in verdicts if own.verdict == "drifts" and own.method != best))
    open_ones = dict.fromkeys(own.method for own in verdicts if own.verdict not in ("keeps", "drifts"))
    undecided = [method for method in open_ones if method != best and method not in drifting]
    clauses = []
    if drifting:
        clauses.append(f"{_names(drifting)} {'drifts' if len(drifting) == 1 else 'drift'}")
    if undecided:
        clauses.append(f"{_names(undecided)} {'is' if len(undecided) == 1 else 'are'} undecided")
    return clauses


def _closed(start: str, clauses: list[str]) -> str:
    """The sentence with as many clauses as it has room for."""
    while clauses:
        sentence = f"{start}; {', '.join(clauses)}."
        if len(sentence.split()) <= MOST_WORDS:
            return sentence
        clauses = clauses[:-1]
    return f"{start}."


def _none_keeps(verdicts: Sequence[Verdict]) -> str:
    names = list(dict.fromkeys(own.method for own in verdicts))
    if _all(verdicts, "drifts"):
        latent = [own for own in verdicts if own.space == "latent" and own.method != "linear"]
        shares = [(own.share, own.method) for own in latent if own.share is not None]
        if len(names) == 1:
            return f"{_short(names[0])}, the only method, drifts beyond chance."
        if not shares:
            return f"All {_spelled(len(names))} methods drift beyond chance."
        share, least = min(shares)
        return (
            f"All {_spelled(len(names))} methods drift beyond chance; {_short(least)} drifts least, "
            f"by {number(100 * share)} % of linear's drift."
        )
    clauses = [clause for clause in _others(verdicts, "") if clause]
    return _closed("No method is shown to keep its law yet", [", ".join(clauses)])


def _all(verdicts: Sequence[Verdict], verdict: str) -> bool:
    return all(own.verdict == verdict for own in verdicts)


def _drifts(verdicts: Sequence[Verdict], method: str) -> int:
    return sum(own.method == method and own.verdict == "drifts" for own in verdicts)


def _price(verdicts: Sequence[Verdict], method: str, run: RunFolder) -> float:
    """Seconds for one point, of all that the method was measured on."""
    sizes = {population.key: population.n for population in run.populations}
    own = [(v.seconds, v.n or sizes[v.key]) for v in verdicts if v.method == method and v.verdict == "keeps"]
    priced = [(seconds, n) for seconds, n in own if seconds is not None and n]
    return sum(seconds for seconds, _ in priced) / sum(n for _, n in priced) if priced else float("inf")


def _names(methods: list[str], most: int = _NAMED) -> str:
    if len(methods) <= most:
        return listed([_short(method) for method in methods])
    return f"{_spelled(len(methods))} others"


def _short(name: str) -> str:
    words = name.split()
    text = " ".join(words[:_WORDS])
    cut = len(words) > _WORDS or len(text) > _LETTERS
    return f"{text[: _LETTERS - 1]}…" if cut else text


def _spelled(n: int) -> str:
    return _SPELLED[n] if n < len(_SPELLED) else count(n)
