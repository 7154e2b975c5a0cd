"""Every block of code on every page is executed as it is written, in the order of the page.

- `python` runs in one namespace a page; a `text` block right after it is what it prints, to the letter.
- A block with a title is a file, written beside the others; Python among them must compile, TOML parse, shell be sound.
- `sh` are commands of latentot, run in this process.
- Indented commands, which take hours or a cluster, are parsed by the command line: their flags exist.
"""

import json
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from PIL import Image
from sklearn.datasets import load_digits

from latentot.cli import main
from latentot.cli.app import app

ROOT = Path(__file__).parents[2]
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"]
NOTEBOOKS = sorted((ROOT / "docs").glob("notebooks/*.ipynb"))
ELSEWHERE = {
    "plugin.md": "tests/test_plugin_page.py",
    "judges.md": "tests/test_judges_page.py",
    "inspection.md": "tests/inspection/test_inspect.py",
}
"""Pages that are executed there: the first installs a plugin, the others look at what is printed."""

FENCE = re.compile(r'^```(?P<kind>\w*)(?: title="(?P<file>[^"]+)")?\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^    (latentot (?:.*\\\n)*.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A block of a page, and the line that it begins in."""

    kind: str
    file: str | None
    text: str
    line: int


def blocks_of(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        yield Block(found["kind"], found["file"], found["text"], text.count("\n", 0, found.start()) + 2)


NEEDS = {"diffusers.md": ("torch", "diffusers"), "README.md": ("torch",)}
HERE = [page for page in PAGES if page.name not in ELSEWHERE]


@pytest.mark.usefixtures("without_figures", "fresh_process_is_this_one")
@pytest.mark.parametrize("page", HERE, ids=lambda page: page.name)
def test_the_blocks_of_a_page_run(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for library in NEEDS.get(page.name, ()):
        pytest.importorskip(library, reason=f"{page.name} needs {library}")
    monkeypatch.chdir(tmp_path)
    # Without further processes, whose start would take longer than what pages compute.
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "1")
    monkeypatch.setenv("MPLBACKEND", "agg")
    # A classifier that is hardly any good is as good as any where nobody looks at what it sees.
    monkeypatch.setattr("latentot.inspection.seen.EPOCHS", 12)
    reader_has(page)
    names: dict[str, Any] = {"__name__": "docs"}
    said = ""
    for block in blocks_of(page):
        where = f"{page.name}, line {block.line}"
        if block.kind == "text":
            assert said.strip() == block.text.strip(), where
        elif block.file:
            check_file(block, where)
        elif block.kind == "python":
            # As a file of so many empty lines before it, so that what fails has the line of the page.
            exec(compile("\n" * (block.line - 1) + block.text, str(page), "exec"), names)  # noqa: S102
        elif block.kind == "sh":
            for command in commands(block.text):
                run(command, monkeypatch, where)
        elif block.kind == "toml":
            tomllib.loads(block.text)
        else:
            assert block.kind in {"bibtex", "yaml", "html"}, f"{where}: nothing executes {block.kind or 'this'}"
        said = capsys.readouterr().out


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_that_are_only_shown_have_flags_that_exist(page: Path) -> None:
    for shown in COMMAND.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        for arguments in commands(shown):
            parsed(arguments[1:])


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.name)
def test_the_page_of_a_notebook_has_its_cells_and_no_output_is_stored(notebook: Path) -> None:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert [cell for cell in cells if cell.get("outputs")] == []
    page = notebook.with_suffix(".md")
    assert [block.text.strip() for block in blocks_of(page) if block.kind == "python"] == code
    prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    assert [text for text in prose if text not in page.read_text(encoding="utf-8")] == []


def test_what_is_executed_elsewhere_is() -> None:
    for page, test in ELSEWHERE.items():
        assert f'"{page}"' in (ROOT / test).read_text(encoding="utf-8")


@pytest.mark.parametrize("wrong", ["compare --priors normal", "interpolate a.npy b.npy --model m --step 3", "compair"])
def test_a_flag_that_does_not_exist_is_noticed(wrong: str) -> None:
    with pytest.raises(Exception, match=r"(?i)no such (option|command)"):
        parsed(wrong.split())


def reader_has(page: Path) -> None:
    """What lies in the folder of whoever follows a page: a checkout, and two pictures."""
    if page.name == "README.md":
        Path("benchmarks").symlink_to(ROOT / "benchmarks")
        for name, digit in zip("AB", load_digits().images[:2], strict=True):
            Image.fromarray((digit * 15).astype(np.uint8)).save(f"{name}.png")


def check_file(block: Block, where: str) -> None:
    assert block.file is not None
    Path(block.file).write_text(block.text, encoding="utf-8")
    kind = Path(block.file).suffix
    if kind == ".py":
        compile(block.text, where, "exec")
    elif kind == ".toml":
        tomllib.loads(block.text)
    elif kind == ".sh":
        subprocess.run(["bash", "-n", block.file], check=True)  # noqa: S607


def commands(text: str) -> list[list[str]]:
    """The commands of a block, continued lines joined, comments taken off."""
    lines = text.replace("\\\n", " ").splitlines()
    return [words for words in (shlex.split(line, comments=True) for line in lines) if words]


def run(words: list[str], monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    assert words[0] == "latentot", f"{where}: blocks of sh are commands of latentot, indent what is not to be run"
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code, f"{where}: {shlex.join(words)} ended with {ended.value.code}"


def parsed(arguments: list[str]) -> None:
    group: Any = typer.main.get_command(app)
    assert arguments[0] in group.commands, f"no such command: {arguments[0]}"
    group.commands[arguments[0]].make_context(arguments[0], arguments[1:])
