"""The pages of what was found: of one run, of an inspection, or one page over several runs."""

__all__ = ["report"]

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeGuard, cast

from latentot import reporting
from latentot.errors import InputError
from latentot.reading import path_of
from latentot.runformat import INSPECTION

if TYPE_CHECKING:
    from latentot.comparison import Comparison
    from latentot.inspection import Inspection

Reported: TypeAlias = "Comparison | Inspection | Path | str"
"""What has a page: a comparison or an inspection in hand, or the folder that one was written to."""


def report(runs: "Reported | Sequence[Reported]", out: Path | str | None = None, kind: str = "html") -> Path:
    """Render one run, or several beside each other on one page; nothing is computed again.

    Args:
        runs: a comparison, or the folder that one was written to; a list of them for one page over all, which says what
            changed from the first to each of the others. Alone it may be an inspection, or the folder of one.
        out: the folder of the page. One folder has its page beside what it stores, so that `out` is only for what is in
            hand; of several it is "together" if not said, and comparisons in hand are written to run-1, run-2, ...
            in it.
        kind: "html", "md", and of one comparison also "latex" and "pdf".

    Returns:
        The path of what was rendered.

    Raises:
        InputError: a folder cannot be read as a run, `out` is missing, too much or not to be written to, or there is no
            such kind of page over what is given.

    >>> import latentot as lot
    >>> lot.report(["before", "after"])
    Traceback (most recent call last):
    latentot.errors.InputError: there is no run folder before: give one that `latentot compare --out` has written
    """
    several = [runs] if _has_page(runs) else list(cast("Sequence[Reported]", runs))
    for own in several:
        if not _has_page(own):
            raise InputError(f"report takes comparisons, or folders that they were written to, got {own!r:.100}")
    if len(several) == 1:
        return _page(several[0], out, kind)
    folder = path_of("together" if out is None else out, "the folder of the page")
    stored = [_stored(own, folder / f"run-{place}") for place, own in enumerate(several, 1)]
    return reporting.render_together(stored, folder, kind)


def _has_page(own: object) -> "TypeGuard[Reported]":
    if isinstance(own, Path | str):  # what is stored is rendered without all that computes
        return True
    from latentot.comparison import Comparison
    from latentot.inspection import Inspection

    return isinstance(own, Comparison | Inspection)


def _page(own: Reported, out: Path | str | None, kind: str) -> Path:
    """The page of one."""
    if isinstance(own, Path | str):
        if out is not None:
            raise InputError("out is for a page over several runs: the report of one lies in its own folder")
        folder = path_of(own, "the folder of a run")
    elif out is None:
        raise InputError('what is in hand has no folder yet: say where its page goes, report(result, "reports/mine")')
    else:
        folder, page = path_of(out, "the folder of a report"), own.report(out)
        if kind == "html":
            return page
    if not (folder / INSPECTION).is_file():
        return reporting.render(folder, kind)
    if kind != "html":
        raise InputError(f"an inspection is rendered as html, with report.md beside it, got {kind!r}")
    from latentot import inspection

    return inspection.render(folder)


def _stored(own: Reported, folder: Path) -> Path | str:
    """The folder of one of several, written where it has none."""
    if isinstance(own, Path | str):
        return own
    from latentot.inspection import Inspection

    if isinstance(own, Inspection):
        raise InputError("a page over several runs is of comparisons, got an inspection: it has a page of its own")
    return own.report(folder).parent
