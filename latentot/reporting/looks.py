"""What judges see beside verdicts: whole walks as they are decoded, and the decoder by itself."""

__all__ = ["Looks", "looks"]

from dataclasses import dataclass

from latentot.reporting.formats import NOTHING, number, signed
from latentot.reporting.populations import endpoints_title
from latentot.runformat import Decoder, RunFolder, Walk


@dataclass(frozen=True)
class Looks:
    """One table of text: its heading, what it says, its columns, and a row each."""

    heading: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


_WALKS = (
    "Measures of whole walks as they are decoded: the mean over walks and its standard error. `cross-fade` is what "
    "blending the endpoints as data gives, `switch` draws of the prior all along."
)
_DECODER = (
    "Decoded draws of the prior beside held-out data: what no interpolation can mend. The null is what the judge gives "
    "of other real data; `real` are data that have no part in it, and must lie within the null."
)


def looks(run: RunFolder) -> tuple[Looks, ...]:
    """The tables that there are: none where nothing was decoded and judged."""
    found = []
    for endpoints in dict.fromkeys(walk.endpoints for walk in run.facts.walks):
        own = [walk for walk in run.facts.walks if walk.endpoints == endpoints]
        measures = list(dict.fromkeys(walk.measure for walk in own))
        columns = ("Method", *(_measure(measure, own) for measure in measures))
        rows = tuple(
            (method, *(_walk(own, method, measure) for measure in measures))
            for method in dict.fromkeys(walk.method for walk in own)
        )
        found.append(Looks(f"{endpoints_title(endpoints)}: whole walks", _WALKS.replace("`", ""), columns, rows))
    if run.facts.decoder:
        columns = ("Judge", "Value", "Null mean", "Null sd", "Excess, null sd", "p", "Real data")
        rows = tuple(map(_decoder, run.facts.decoder))
        found.append(Looks("The decoder by itself", _DECODER.replace("`", ""), columns, rows))
    return tuple(found)


def _measure(measure: str, walks: list[Walk]) -> str:
    """A measure with its unit, and which way is better."""
    first = next(walk for walk in walks if walk.measure == measure)
    way = {"lower": "lower is better", "higher": "higher is better"}.get(first.better, "")
    return ", ".join(part for part in (measure, first.unit, way) if part)


def _walk(walks: list[Walk], method: str, measure: str) -> str:
    found = next((walk for walk in walks if (walk.method, walk.measure) == (method, measure)), None)
    if found is None or found.value is None:
        return NOTHING if found is None or found.status == "ok" else found.status
    return number(found.value) + (f" ± {number(found.error)}" if found.error is not None else "")


def _decoder(found: Decoder) -> tuple[str, ...]:
    if found.value is None and found.status != "ok":
        return (found.judge, found.status, *[NOTHING] * 5)
    numbers = (found.value, found.null_mean, found.null_sd)
    return (found.judge, *map(number, numbers), signed(found.excess), number(found.p_value), number(found.real))
