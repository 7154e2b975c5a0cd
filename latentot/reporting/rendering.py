"""Writes the report of a run, or of several, as a page, as Markdown, as LaTeX or as PDF, beside what is stored."""

__all__ = ["FORMATS", "render", "render_overview", "render_together"]

from collections.abc import Sequence
from pathlib import Path

from latentot.errors import InputError
from latentot.reading import path_of
from latentot.reporting.figures.style import collecting, figure_name, to_pdf
from latentot.reporting.frames import animation
from latentot.reporting.html import to_html, to_markdown
from latentot.reporting.latex import to_latex
from latentot.reporting.overview import Overview, compose_overview
from latentot.reporting.page import Report, compose
from latentot.reporting.paper import to_paper
from latentot.reporting.sweep import Sweep
from latentot.reporting.together import gather
from latentot.runformat import SWEEP, RunFolder
from latentot.writing import write_whole

FORMATS = ("html", "md", "latex", "pdf")


def render(folder: Path | str, kind: str = "html") -> Path:
    """Renders what a folder stores. Nothing is computed again, and the same folder gives the same bytes.

    Args:
        folder: where results.csv, run.json and artefacts.npz of a run lie, or sweep.json and the folders of its runs;
            the report is written beside them.
        kind: one of `FORMATS`: "html" is report.html, report.md and figures/; "md" report.md and figures/; "latex"
            report.tex, report.bib and figures as PDF; "pdf" report.pdf and figures as PDF.

    Returns:
        The path of what was rendered: report.html is one file that opens offline.

    Raises:
        InputError: the folder cannot be read as a run, or not be written to. An older report stays as it is.
    """
    if kind not in FORMATS:
        raise InputError(f"a report is rendered as {', '.join(FORMATS)}, got {kind!r}")
    if (path_of(folder, "the folder of a run") / SWEEP).is_file():
        if kind not in ("html", "md"):
            raise InputError(
                f"a report of several runs is rendered as html or md, got {kind!r}: render its runs one by one"
            )
        for subject in Sweep.read(folder).subjects:
            _write(subject.run.path, compose(subject.run), kind)
        return render_overview(folder, kind)
    run = RunFolder.read(folder)
    if kind in ("latex", "pdf"):
        return _write_paper(run, kind)
    return _write(run.path, compose(run), kind)


def render_overview(folder: Path | str, kind: str = "html") -> Path:
    """Renders the page over all runs of a sweep, not those of its runs.

    Raises:
        InputError: as `render`.
    """
    sweep = Sweep.read(folder)
    return _write(sweep.path, compose_overview(sweep), kind)


def render_together(folders: Sequence[Path | str], out: Path | str, kind: str = "html") -> Path:
    """Renders one page over several runs, with what changed from the first to each of the others.

    Args:
        folders: of the runs, in the order of the page.
        out: the folder that the page is written to; it is made where there is none.
        kind: "html" or "md".

    Raises:
        InputError: there are fewer than two folders, one cannot be read as a run, or `out` not be written to.
    """
    if kind not in ("html", "md"):
        raise InputError(f"a report of several runs is rendered as html or md, got {kind!r}")
    path = path_of(out, "the folder of the page")
    together = gather(folders, path)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot write to the folder {path} ({error.strerror}): choose another --out") from error
    return _write(path, compose_overview(together.sweep, together.changes), kind)


def _write(folder: Path, report: Report | Overview, kind: str) -> Path:
    # The page comes last: whoever finds it finds all that it stands for.
    page = folder / ("report.html" if kind == "html" else "report.md")
    figures: dict[str, bytes] = {}
    for drawing in report.drawings():
        if drawing.sheet:
            figures[f"{drawing.name}.svg"] = drawing.sheet.encode()
        if drawing.data:
            figures[f"{drawing.name}.csv"] = drawing.data.encode()
    for own in report.decoded if isinstance(report, Report) else ():
        if own.strips is None:
            continue
        for place, method in enumerate(own.strips.methods):
            figures[f"{figure_name('walk', own.endpoints, str(place + 1), method)[:80]}.png"] = animation(
                own.strips, method
            )
    files = {folder / "figures" / name: content for name, content in figures.items()}
    files[folder / "report.md"] = to_markdown(report).encode()
    if kind == "html":
        files[page] = to_html(report).encode()
    return _write_whole(folder, files, page)


def _write_paper(run: RunFolder, kind: str) -> Path:
    with collecting() as drawn:
        report = compose(run)
    sheets = {drawing.name: drawn[drawing.name] for drawing in report.drawings() if drawing.sheet}
    files = {run.path / "figures" / f"{name}.pdf": to_pdf(figure) for name, figure in sheets.items()}
    page = run.path / ("report.tex" if kind == "latex" else "report.pdf")
    if kind == "latex":
        files[run.path / "report.bib"] = report.bibtex.encode()
        files[page] = to_latex(report).encode()
    else:
        files[page] = to_paper(report, sheets)
    return _write_whole(run.path, files, page)


def _write_whole(folder: Path, files: dict[Path, bytes], page: Path) -> Path:
    try:
        if any(path.parent != folder for path in files):
            (folder / "figures").mkdir(exist_ok=True)
        write_whole(dict(files))
    except OSError as error:
        raise InputError(f"cannot write {page} ({error.strerror}): make the folder writable, or copy it") from error
    return page
