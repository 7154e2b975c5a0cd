"""Execute the notebooks of docs/notebooks, and write a page of each with what came out.

Notebooks are stored without outputs, so that a change of theirs can be read; pages have the outputs, and their code is
executed again by the tests.

python docs/make_notebooks.py [NAME ...]
"""

import base64
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

FOLDER = Path(__file__).parent / "notebooks"


def executed(path: Path) -> Any:
    """The notebook, run from its first cell in a new kernel, where it lies."""
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
    return notebook


def page(notebook: Any, name: str) -> str:
    """The notebook as a page; its figures are written beside it."""
    parts: list[str] = []
    for place, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            parts.append(cell.source)
            continue
        parts.append(f"```python\n{cell.source}\n```")
        parts += shown(cell.outputs, f"{name}-{place}")
    head, *rest = parts
    said = f"*A notebook: [{name}.ipynb]({name}.ipynb), executed by `python docs/make_notebooks.py`.*"
    return "\n\n".join([head, said, *rest]) + "\n"


def shown(outputs: Any, figure: str) -> Iterator[str]:
    """What a cell has said, and its figures."""
    for output in outputs:
        if output.output_type == "stream" and output.name == "stdout":
            yield f"```text\n{output.text.rstrip()}\n```"
        elif "image/png" in output.get("data", {}):
            (FOLDER / f"{figure}.png").write_bytes(base64.b64decode(output.data["image/png"]))
            yield f"![What the cell above draws]({figure}.png)"


if __name__ == "__main__":
    for one in sorted(FOLDER.glob("*.ipynb")):
        if not sys.argv[1:] or one.stem in sys.argv[1:]:
            one.with_suffix(".md").write_text(page(executed(one), one.stem), encoding="utf-8")
