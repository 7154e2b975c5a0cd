"""docs/verdicts.md: its code runs, and its figure is there."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "verdicts.md").read_text(encoding="utf-8")


def test_the_code_of_the_page_runs(capsys):
    own = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(compile(block, "verdicts.md", "exec"), own)  # noqa: S102 - the page is ours
    said = capsys.readouterr().out
    assert "'linear': 'drifts', 'spherical': 'drifts', 'matched': 'keeps'" in said
    assert "matched shift 0." in said


def test_what_the_page_shows_and_names_is_there():
    for name in re.findall(r"\]\(([\w./-]+)\)", PAGE):
        assert (DOCS / name).exists(), name
    for script in re.findall(r"`(benchmarks/[\w/]+\.py)`", PAGE):
        assert (DOCS.parent / script).is_file(), script
