"""Studies as plain data: what is accepted, what is refused and how."""

import math
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from latentot.errors import InputError
from latentot.study import Choice, Study, read_studies


@pytest.mark.parametrize(
    ("setting", "given", "words"),
    [
        ("t", [1.5], ("t lies between 0 and 1", "1.5")),
        ("t", [-1e-9], ("t lies between 0 and 1",)),
        ("t", [math.nan], ("t lies between 0 and 1", "nan")),
        ("t", [], ("t must be a list of one or more",)),
        ("t", [0.5, 0.25, 0.5], ("each once", "0.5")),
        ("t", ["half"], ("setting t", "half")),
        ("t", True, ("setting t", "True")),
        ("methods", ["sfherical"], ("unknown method 'sfherical'", "did you mean 'spherical'")),
        ("methods", [], ("methods must be a list of one or more",)),
        ("methods", ["linear", "linear"], ("each once",)),
        ("methods", ["slerp", "spherical"], ("each once", "spherical, spherical")),
        ("methods", [{"nme": "linear"}], ("name",)),
        ("metrics", ["mmmd"], ("unknown metric 'mmmd'", "did you mean 'mmd'")),
        ("metrics", [], ("metrics must be a list of one or more",)),
        ("metrics", ["emd", "mmd", "emd"], ("each once",)),
        ("metrics", ["swd", "Sliced_Wasserstein"], ("each once",)),
        ("prior", "nromal", ("unknown prior 'nromal'", "did you mean 'normal'")),
        ("endpoints", ["priro"], ("endpoints", "'prior' or 'encoded'", "priro")),
        ("pairs", 0, ("pairs is at least 1", "0")),
        ("pairs", 10.5, ("pairs", "10.5")),
        ("pairs", "many", ("pairs", "many")),
        ("repeats", 0, ("repeats is at least 1",)),
        ("null_draws", 18, ("null_draws is at least 19", "18")),
        ("seed", -1, ("seed is at least 0",)),
        ("endpoints", [], ("endpoints must be a list of one or more",)),
        ("strips", -1, ("strips is at least 0",)),
        ("steps", 1, ("steps is at least 2",)),
    ],
)
def test_what_is_not_accepted_is_named_in_one_line(
    settings: dict[str, Any], setting: str, given: object, words: tuple[str, ...]
) -> None:
    with pytest.raises(InputError) as refused:
        Study.of(**settings | {setting: given})
    message = str(refused.value)
    assert "\n" not in message
    assert all(word in message for word in words), message


@pytest.mark.parametrize(
    ("misspelled", "nearest"),
    [("metod", "methods"), ("metric", "metrics"), ("nulldraws", "null_draws"), ("repeat", "repeats"), ("sed", "seed")],
)
def test_misspelled_setting_gets_the_nearest(settings: dict[str, Any], misspelled: str, nearest: str) -> None:
    with pytest.raises(InputError, match=f"unknown setting '{misspelled}': did you mean '{nearest}'"):
        Study.of(**settings | {misspelled: 1})


def test_misspelled_setting_of_a_choice_gets_the_nearest(settings: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="unknown setting 'option': did you mean 'options'"):
        Study.of(**settings | {"methods": [{"name": "linear", "option": {}}]})


@pytest.mark.parametrize("name", ["cls", "self", "settings"])
def test_a_setting_that_happens_to_be_a_python_name_is_refused_like_any_other(name: str) -> None:
    with pytest.raises(InputError, match=f"unknown setting '{name}'"):
        Study.of(**{name: 1})


@pytest.mark.parametrize(
    "subject",
    [
        {"prior": "normal", "dim": None},
        {"prior": None, "dim": 3},
        {"prior": "normal", "dim": 3, "model": "torch-vae"},
        {"prior": None, "dim": 3, "model": "torch-vae"},
        {"endpoints": ["encoded"]},
    ],
    ids=["prior without dim", "dim without prior", "prior and model", "dim and model", "encoded without data"],
)
def test_subject_must_be_one_and_whole(settings: dict[str, Any], subject: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        Study.of(**settings | subject)


def test_endpoints_are_distinct(settings: dict[str, Any]) -> None:
    # Twice the same population would put every measurement into the table twice.
    with pytest.raises(InputError):
        Study.of(**settings | {"endpoints": ["prior", "prior"]})


def test_positions_are_put_in_order(settings: dict[str, Any]) -> None:
    assert Study.of(**settings | {"t": [0.5, 0.0, 1.0, 0.25]}).t == (0, 0.25, 0.5, 1)


def test_a_name_is_a_choice_without_options(settings: dict[str, Any]) -> None:
    assert Study.of(**settings | {"methods": ["linear"]}) == Study.of(**settings | {"methods": [{"name": "linear"}]})


def test_one_method_twice_with_other_options_is_two(settings: dict[str, Any]) -> None:
    few, many = ({"name": "earth-mover", "options": {"n_fit": n}} for n in (100, 200))
    labels = [choice.label for choice in Study.of(**settings | {"methods": [few, many]}).methods]
    assert labels == ["earth-mover (n_fit=100)", "earth-mover (n_fit=200)"]


def test_methods_that_read_alike_in_tables_are_not_distinct(settings: dict[str, Any]) -> None:
    # Results are kept by label: of two choices with one label, one would vanish.
    alike = [{"name": "earth-mover", "options": {"n_fit": n}} for n in (100, "100")]
    with pytest.raises(InputError):
        Study.of(**settings | {"methods": alike})


def test_is_frozen(study: Study) -> None:
    with pytest.raises(ValidationError):
        study.seed = 3  # type: ignore[misc]


def test_survives_a_trip_through_json(study: Study) -> None:
    assert Study.model_validate_json(study.model_dump_json()) == study


def test_choice_takes_no_other_keys() -> None:
    with pytest.raises(ValidationError):
        Choice.model_validate({"name": "linear", "colour": "red"})


class TestFiles:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        path = tmp_path / "mine.toml"
        path.write_text('prior = "normal"\ndim = 3\npairs = 70\nmethods = ["linear"]\nt = [0.5]\n', encoding="utf-8")
        return path

    def test_a_file_says_what_flags_would(self, file: Path) -> None:
        said = Study.of(title="mine", prior="normal", dim=3, pairs=70, methods=["linear"], t=[0.5])
        assert read_studies(file) == (said,)

    def test_changes_take_the_place_of_what_the_file_says(self, file: Path) -> None:
        (changed,) = read_studies(file, pairs=90, methods=["cauchy"])
        assert (changed.pairs, [choice.name for choice in changed.methods]) == (90, ["cauchy"])
        assert (changed.t, changed.dim) == ((0.5,), 3)

    def test_title_is_the_files_name_unless_said(self, file: Path) -> None:
        assert read_studies(file)[0].title == "mine"
        file.write_text('title = "My study"\n', encoding="utf-8")
        assert read_studies(file)[0].title == "My study"

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"metod = ['linear']", ("did you mean 'methods'",)),
            (b"methods = ['linera']", ("did you mean 'linear'",)),
            (b"t = [0.5", ("is not TOML",)),
            (b"t 0.5", ("is not TOML", "line 1")),
            (b"title = '\xff'", ("is not TOML",)),
            (b"[model]\nname = 'a'\noption = {}", ("did you mean 'options'",)),
            (b"pairs = 'many'", ("pairs", "many")),
        ],
    )
    def test_errors_name_the_file(self, tmp_path: Path, content: bytes, words: tuple[str, ...]) -> None:
        path = tmp_path / "wrong.toml"
        path.write_bytes(content)
        with pytest.raises(InputError) as refused:
            read_studies(path)
        message = str(refused.value)
        assert "\n" not in message
        assert all(word in message for word in (*words, "wrong.toml")), message

    @pytest.mark.parametrize("where", ["missing.toml", "."])
    def test_a_file_that_cannot_be_read(self, tmp_path: Path, where: str) -> None:
        with pytest.raises(InputError, match="cannot be read"):
            read_studies(tmp_path / where)
