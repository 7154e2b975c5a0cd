"""Writes the report of a run, or of a sweep of them: figures/*.svg, report.md and report.html."""

__all__ = ["render", "render_overview"]

from pathlib import Path

from latentot.errors import InputError
from latentot.reading import path_of
from latentot.report.overview import Overview, compose_overview
from latentot.report.page import Report, compose
from latentot.report.html import to_html, to_markdown
from latentot.report.sweep import Sweep
from latentot.runformat import SWEEP, RunFolder
from latentot.writing import write_whole


def render(folder: Path | str) -> Path:
    """Renders what a folder stores. Nothing is computed again, and the same folder gives the same bytes.

    Args:
        folder: where results.csv, run.json and artefacts.npz of a run lie, or sweep.json and the folders of its runs;
            the report is written beside them.

    Returns:
        The path of report.html, one file that opens offline.

    Raises:
        InputError: the folder cannot be read as a run, or not be written to. An older report stays as it is.
    """
    if (path_of(folder, "the folder of a run") / SWEEP).is_file():
        for subject in Sweep.read(folder).subjects:
            _write_report(subject.run.path, compose(subject.run))
        return render_overview(folder)
    run = RunFolder.read(folder)
    return _write_report(run.path, compose(run))


def render_overview(folder: Path | str) -> Path:
    """Renders the page over all runs of a sweep, not those of its runs.

    Raises:
        InputError: as `render`.
    """
    sweep = Sweep.read(folder)
    return _write_report(sweep.path, compose_overview(sweep))


def _write_report(folder: Path, report: Report | Overview) -> Path:
    # The page comes last: whoever finds it finds all that it stands for.
    page = folder / "report.html"
    figures = {f"{drawing.name}.svg": drawing.sheet for drawing in report.drawings() if drawing.sheet}
    files = {folder / "figures" / name: sheet for name, sheet in figures.items()}
    files |= {folder / "report.md": to_markdown(report), page: to_html(report)}
    try:
        if figures:
            (folder / "figures").mkdir(exist_ok=True)
        write_whole({path: text.encode() for path, text in files.items()})
    except OSError as error:
        raise InputError(f"cannot write {page} ({error.strerror}): make the folder writable, or copy it") from error
    return page
