"""The call that inspects a model: each operation for itself, so that one that fails costs itself only."""

__all__ = ["inspect"]

import datetime
import os
import shlex
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from latentot.data import Data, load_data
from latentot.data.split import held_out
from latentot.errors import InputError, one_line, unknown_name
from latentot.inspection import operations
from latentot.inspection.findings import Findings
from latentot.inspection.inspected import Inspection
from latentot.inspection.sizes import Sizes
from latentot.inspection.subject import ENDS, Subject
from latentot.models import MODELS, Model, drawn
from latentot.paths import METHODS as METHODS_KNOWN
from latentot.paths import as_interpolation, interpolation
from latentot.priors.described import plain_facts
from latentot.reading import path_of, printable
from latentot.reporting.figures.mosaic import as_pixels
from latentot.study.execution.machine import machine, versions

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

Progress = Callable[[int, int, str, float], Any]
Step = tuple[str, str, Callable[[], Findings]]
METHODS = ("linear", "spherical", "cauchy", "earth-mover")


def inspect(
    model: Model,
    data: "str | os.PathLike[str] | Data | NDArray[Any] | None" = None,
    *,
    methods: str | Sequence[Any] = METHODS,
    features: Any = None,
    judges: str | Sequence[Any] = operations.JUDGES,
    ends: str = "draws",
    sizes: Sizes | None = None,
    budget: float = 60.0,
    seed: int = 0,
    out: Path | str | None = None,
    progress: Progress | None = None,
) -> Inspection:
    """Look at a model's latent space in every way that the field does, as one report.

    Encode and decode (errors, the evidence lower bound, what each coordinate says); does the prior hold; the soap
    bubble of norms; draws around examples; draws of the prior; walks between draws and between encodings of the same
    class and of different ones, by every method; a plane of the latent space. What a model or its data lack (an
    encoder, labels, a shape or a scale that agree) is said, and costs only what needs it.

    Args:
        model: with `encode`, if all is to be seen.
        data: a source, such as "digits" or "idx:images.gz,labels.gz"; a `Data`; an array, shape (n, ...), of which the
            last fifth is held out; or nothing.
        methods: names out of `interpolations()`, interpolations, or callables (z0, z1, t) -> z.
        features: how data are seen: a name, `Features`, any callable data -> (n, k); principal components if not said.
        judges: of draws of the prior, by their features: names out of `list_judges()`, or judges.
        ends: whether "draws" or "means" of posteriors are the ends of walks.
        sizes: how much of everything is looked at.
        budget: seconds for all decoding: where it would take longer, by a first try, less is looked at, and said.
        seed: the same seed gives the same numbers.
        out: a folder for the report; `Inspection.report` writes it too.
        progress: called after each operation: how many are done, of how many, which it was, and its seconds.

    Raises:
        InputError: there is no model, it cannot decode draws of its prior, or an argument is not accepted.

    >>> import latentot as lot
    >>> model = lot.Model(prior=lot.Normal(4), decode=lambda z: np.tanh(z).reshape(-1, 1, 2, 2))
    >>> found = inspect(model, methods=["linear"], sizes=Sizes(draws=100, pairs=4))
    >>> found.skipped()["reconstruction"]
    'no data are given'
    """
    started, clock = datetime.datetime.now(datetime.UTC), time.perf_counter()
    _check(model, ends, budget)
    given = [methods] if isinstance(methods, str) or callable(methods) else list(methods)
    paths, unable = _paths(given, model, seed)
    chosen = (judges,) if isinstance(judges, str) else tuple(judges)
    folder = None if out is None else path_of(out, "the folder of an inspection")
    wanted = sizes or Sizes()
    subject = Subject.of(model, _data(data), features, ends, seed, wanted)
    kinds = 3 if model.encode and subject.agreed.data else 1
    kept = wanted.within(budget, subject.seconds, kinds, len(paths))
    notes = [*subject.agreed.notes, *unable]
    if subject.agreed.why and data is not None:
        notes.append(f"the data are not used: {subject.agreed.why}")
    if kept != wanted:
        total = wanted.decodes(kinds, len(paths))
        notes.append(
            f"a latent takes {subject.seconds:.2g} s to decode, and {total:,} of them "
            f"{total * subject.seconds:,.0f} s: less is looked at, so that decoding takes about {budget:g} s "
            f"({kept.data} data of each part, {kept.draws} draws, {kept.pairs} walks of a kind)"
        )
        subject = subject.with_sizes(kept)
    steps = _steps(subject, paths, chosen)
    found: list[dict[str, Any]] = []
    tables: dict[str, pd.DataFrame] = {}
    arrays: dict[str, NDArray[Any]] = {}
    for done, (name, title, operation) in enumerate(steps, start=1):
        begun = time.perf_counter()
        facts: dict[str, Any] = {"name": name, "title": title}
        try:
            findings = operation()
            shown = _shown(model, findings)
        except InputError as error:
            facts["skipped"] = str(error)
        except Exception as error:
            facts["skipped"] = f"it failed: {one_line(error)}"
        else:
            facts |= {
                "says": findings.says,
                "tables": [{"name": table.name, "caption": table.caption} for table in findings.tables],
                "figures": [asdict(figure) for figure in findings.figures],
            }
            tables |= {table.name: table.frame for table in findings.tables}
            arrays |= shown
        seconds = time.perf_counter() - begun
        found.append(facts | {"seconds": round(seconds, 2)})
        if progress:
            progress(done, len(steps), title, seconds)
    about = {"name": model.name, "prior": plain_facts(model.prior.facts), "decodes to": subject.decoded.shape[1:]}
    facts = {
        "title": f"The latent space of {model.name}",
        "subject": _subject(subject, data),
        "operations": found,
        "notes": notes,
        "model": about | plain_facts(model.provenance),
        "data": subject.agreed.data.facts if subject.agreed.data else {},
        "settings": {"methods": list(paths), "endpoints of encodings": ends, "seed": seed, "budget": budget}
        | asdict(subject.sizes),
        "citations": tuple(dict.fromkeys(path.citation for path in paths.values() if path.citation)),
        "versions": versions(),
        "machine": machine(),
        "command": shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]]),
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(time.perf_counter() - clock, 1),
    }
    result = Inspection(facts, tables, arrays)
    if folder is not None:
        result.report(folder)
    return result


def _check(model: Any, ends: str, budget: float) -> None:
    if isinstance(model, str) and model in MODELS.names():
        raise InputError(f"inspect takes a model, got {model!r}: write lot.load_model({model!r}, ...)")
    if not isinstance(model, Model):
        raise InputError(f"inspect takes a model, such as lot.load_model(...), got {type(model).__name__}")
    if ends not in ENDS:
        raise unknown_name("kind of ends", ends, ENDS)
    if not budget > 0:
        raise InputError(f"a budget is seconds for decoding, above 0, got {budget!r}")


def _data(given: Any) -> Data | None:
    if given is None or isinstance(given, Data):
        return given
    if isinstance(given, str | os.PathLike):
        return load_data(given)
    array = np.asarray(given)
    if array.ndim < 2 or array.dtype.kind != "f":
        raise InputError(
            f"data are a source, a Data or floating-point numbers (n, ...), got {array.dtype} {array.shape}"
        )
    return held_out("an array", array)


def _paths(methods: Sequence[Any], model: Model, seed: int) -> tuple[dict[str, Any], list[str]]:
    """The interpolations that the prior serves, and why it does not serve the others."""
    found, unable = {}, []
    for method in methods:
        name, given = method if isinstance(method, tuple) else ("", method)
        if not isinstance(given, str):
            made = as_interpolation(given, model.prior, name)
            found[made.name] = made
            continue
        resolved = METHODS_KNOWN.resolve(given)
        options = {"rng": seed} if "rng" in METHODS_KNOWN.options(resolved, beside=1) else {}
        try:
            found[resolved] = interpolation(resolved, model.prior, **options)
        except InputError as error:
            unable.append(f"left out: {error}")
    if not found:
        raise InputError(unable[0].removeprefix("left out: ") if unable else "inspect walks by one method or more")
    return found, unable


def _steps(s: Subject, paths: dict[str, Any], judges: tuple[Any, ...]) -> list[Step]:
    return [
        ("reconstruction", "Encode and decode", partial(operations.encode_and_decode, s)),
        ("coordinates", "What each coordinate says", partial(operations.use_of_coordinates, s)),
        ("aggregate", "Does the prior hold", partial(operations.prior_holds, s)),
        ("bubble", "The soap bubble", partial(operations.soap_bubble, s, paths)),
        ("samples", "Draws of the prior", partial(operations.prior_samples, s, judges)),
        ("around", "Around an example", partial(operations.around_examples, s)),
        ("walks", "Walks", partial(operations.walks, s, paths)),
        ("slice", "A plane", partial(operations.latent_slice, s)),
    ]


def _subject(s: Subject, data: Any) -> str:
    about = f"{s.model.name}, prior {s.model.prior!r}, decodes to {s.decoded.shape[1:]}"
    if s.agreed.data is not None:
        return f"{about}; data {s.agreed.data.about}"
    return f"{about}; {'no data' if data is None else f'data of {printable(str(data))[:80]}, which are not used'}"


def _shown(model: Model, findings: Findings) -> "dict[str, NDArray[Any]]":
    """Arrays as they are stored: data of figures as their model draws them, where it does."""
    panels = (panel for figure in findings.figures for panel in figure.panels)
    pictures = {panel.pictures for panel in panels if panel.pictures}
    arrays = findings.arrays.items()
    return {key: _small(drawn(model, array, 2) if key in pictures else array) for key, array in arrays}


def _small(array: "NDArray[Any]") -> "NDArray[Any]":
    """Pictures in 8 bits: they are for looking at."""
    if array.ndim < 4 or array.dtype == np.uint8:
        return array
    pixels = as_pixels(array, leading=2)
    return array if pixels is None else (np.clip(array, 0, 1) * 255).round().astype(np.uint8)
