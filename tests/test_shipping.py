"""What surrounds the code: versions agree, the workflow calls what the Makefile has, templates are sound."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
WORKFLOW = ROOT / ".github" / "workflows" / "test.yml"
TEMPLATES = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
PARTS = sorted([*(ROOT / "backends").glob("*/pyproject.toml"), *(ROOT / "integrations").glob("*/pyproject.toml")])


def project(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    return found


VERSION = project(ROOT / "pyproject.toml")["version"]


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.parent.name)
def test_parts_have_the_version_of_the_core_and_need_no_older_one(path: Path) -> None:
    part = project(path)
    assert part["version"] == VERSION
    assert f"latentot>={VERSION.rpartition('.')[0]}" in part["dependencies"]


def test_the_version_is_cited_and_the_changelog_has_it_with_a_date() -> None:
    assert f"\nversion: {VERSION}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    released = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert any(re.fullmatch(rf"{re.escape(VERSION)} - \d{{4}}-\d\d-\d\d", line) for line in released), released


def test_the_workflow_calls_targets_that_there_are_on_every_python() -> None:
    yaml = pytest.importorskip("yaml", reason="workflows are YAML")
    jobs = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]
    said = " ".join(step.get("run", "") for job in jobs.values() for step in job["steps"])
    called = set(re.findall(r"make ([a-z-]+)", said))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"lint", "test", "docs", "dist", "test-oldest"} <= called <= targets
    oldest = project(ROOT / "pyproject.toml")["requires-python"].removeprefix(">=")
    assert jobs["tests"]["strategy"]["matrix"]["python"][0] == oldest


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_asks_for_something_under_ids_of_its_own(path: Path) -> None:
    yaml = pytest.importorskip("yaml", reason="templates are YAML")
    template = yaml.safe_load(path.read_text(encoding="utf-8"))
    if path.stem == "config":
        assert template == {"blank_issues_enabled": True}
        return
    asked = [part["id"] for part in template["body"] if part["type"] != "markdown"]
    assert asked
    assert len(set(asked)) == len(asked)
    assert template["name"]
    assert template["description"]


def test_the_oldest_versions_are_those_that_the_core_names() -> None:
    needed, oldest = project(ROOT / "pyproject.toml")["dependencies"], (ROOT / "constraints-oldest.txt").read_text()
    floors = dict(one.split(">=") for one in needed)
    pinned = dict(line.split("==") for line in oldest.splitlines() if not line.startswith("#"))
    assert pinned.keys() == floors.keys()
    for name, floor in floors.items():
        assert re.fullmatch(rf"{re.escape(floor)}(\.0)*", pinned[name]), name
