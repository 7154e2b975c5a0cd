"""Plugins are found by what their distributions announce, and imported only when used."""

import importlib
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import latentot as lot
from latentot.cli import main
from latentot.models import MODELS, TRAINERS, load_trainer

LINEAR = """
import latentot as lot

def load(width: int = 2, *, scale: float = 1.0):
    return lot.Model(lot.Normal(width), decode=lambda z: scale * z, name="plain")

def needy(checkpoint: str, device: str = "cpu"):
    return lot.Model(lot.Normal(2), decode=lambda z: z, name=checkpoint)

def open_minded(**options):
    return lot.Model(lot.Normal(2), decode=lambda z: z, provenance=options)

def wrong():
    return "a model"

def train(data, out, *, progress, epochs: int = 3, latent: int = 2):
    return None
"""

Announce = Callable[..., None]


@pytest.fixture
def plain(announce: Announce) -> None:
    announce(
        "plain-distribution",
        models={
            "plain": "plain_of_test:load",
            "needy": "plain_of_test:needy",
            "open-minded": "plain_of_test:open_minded",
            "wrong": "plain_of_test:wrong",
            "misnamed": "plain_of_test:lod",
        },
        trainers={"plain": "plain_of_test:train"},
        modules={"plain_of_test": LINEAR},
    )


@pytest.fixture
def broken(announce: Announce) -> None:
    announce(
        "broken-distribution",
        models={"broken": "broken_of_test:load", "absent": "no_such_module_of_test:load"},
        trainers={"broken": "broken_of_test:train"},
        modules={"broken_of_test": "raise RuntimeError('libfoo.so is not there')"},
    )


@pytest.mark.usefixtures("plain", "broken")
class TestNames:
    def test_models_come_with_their_distribution(self) -> None:
        names = MODELS.origins()
        assert names["plain"] == "plain-distribution 1.2"
        assert names["broken"] == "broken-distribution 1.2"
        assert TRAINERS.origins()["plain"] == "plain-distribution 1.2"
        assert "needy" not in TRAINERS.origins()

    def test_nothing_is_imported(self) -> None:
        MODELS.origins()
        TRAINERS.origins()
        assert not {"plain_of_test", "broken_of_test"} & sys.modules.keys()


def test_nothing_is_remembered_of_what_was_removed() -> None:
    importlib.invalidate_caches()
    assert "plain" not in MODELS.origins()


@pytest.mark.usefixtures("plain", "broken")
class TestModels:
    def test_options_reach_the_factory(self) -> None:
        model = lot.load_model("plain", width=5, scale=2.0)
        assert model.prior == lot.Normal(5)
        assert model.decode(3) == 6  # type: ignore[arg-type]

    def test_a_broken_one_beside_it_does_no_harm(self) -> None:
        assert lot.load_model("plain").name == "plain"
        assert "broken_of_test" not in sys.modules

    def test_unknown_name_gets_the_nearest(self) -> None:
        with pytest.raises(lot.InputError, match="unknown model 'plian': did you mean 'plain'"):
            lot.load_model("plian")

    def test_unknown_option_gets_the_nearest(self) -> None:
        with pytest.raises(
            lot.InputError,
            match=r"unknown option of the model 'plain' 'widht': did you mean 'width'.*There are scale, width",
        ):
            lot.load_model("plain", widht=3)

    def test_missing_option_is_named(self) -> None:
        with pytest.raises(lot.InputError, match=r"the model 'needy' needs the option checkpoint$"):
            lot.load_model("needy")
        assert lot.load_model("needy", checkpoint="a").name == "a"

    def test_a_factory_may_take_any_option(self) -> None:
        assert lot.load_model("open-minded", anything=3).provenance == {"anything": 3}

    def test_an_option_may_be_called_name(self) -> None:
        # Options belong to the plugin: ours must not collide with them, nor fail with a TypeError.
        try:
            model = lot.load_model("open-minded", **{"name": "x"})
        except lot.InputError:
            return
        assert model.provenance == {"name": "x"}

    def test_what_is_no_model_is_refused(self) -> None:
        with pytest.raises(lot.InputError, match=r"the plugin of the model 'wrong' made str, not a latentot.Model"):
            lot.load_model("wrong")

    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("broken", "RuntimeError: libfoo.so is not there"),
            ("absent", "ModuleNotFoundError: No module named 'no_such_module_of_test'"),
        ],
    )
    def test_broken_one_fails_when_used(self, name: str, reason: str) -> None:
        expected = f"the plugin of the model '{name}' (broken-distribution 1.2) cannot be imported: {reason}"
        with pytest.raises(lot.InputError, match=re.escape(expected)):
            lot.load_model(name)

    def test_factory_that_is_not_there(self) -> None:
        with pytest.raises(lot.InputError, match=r"'misnamed' .*cannot be imported: AttributeError"):
            lot.load_model("misnamed")

    @pytest.mark.parametrize(
        "code",
        [
            # NumPy's own message when its C extension is missing has twenty lines.
            "raise ImportError('first line\\nsecond line\\n\\nthird line')",
            "import sys\nsys.exit('this plugin gives up')",
        ],
        ids=["many lines", "exits"],
    )
    def test_however_it_breaks_the_message_is_one_line(self, announce: Announce, code: str) -> None:
        announce("loud", models={"loud": "loud_of_test:load"}, modules={"loud_of_test": code})
        with pytest.raises(lot.InputError, match=r"the plugin of the model 'loud'") as refused:
            lot.load_model("loud")
        assert "\n" not in str(refused.value)


@pytest.mark.usefixtures("plain")
class TestTwoOfOneName:
    @pytest.fixture(autouse=True)
    def rivals(self, announce: Announce) -> None:
        announce(
            "rival-distribution",
            models={"plain": "rival_of_test:load"},
            trainers={"plain": "rival_of_test:train"},
            modules={"rival_of_test": LINEAR},
        )

    def test_are_refused_naming_both(self) -> None:
        expected = "the model 'plain' is provided by plain-distribution and rival-distribution: uninstall one"
        with pytest.raises(lot.InputError, match=expected):
            lot.load_model("plain")
        assert not {"plain_of_test", "rival_of_test"} & sys.modules.keys()

    def test_trainers_too(self) -> None:
        with pytest.raises(lot.InputError, match="plain-distribution and rival-distribution"):
            load_trainer("plain", {})

    def test_others_still_serve(self) -> None:
        assert lot.load_model("needy", checkpoint="a").name == "a"

    def test_the_list_hides_neither(self) -> None:
        assert "plain-distribution" in MODELS.origins()["plain"]
        assert "rival-distribution" in MODELS.origins()["plain"]


def test_a_copy_that_shadows_a_distribution_is_no_rival(
    announce: Announce, plain: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A working copy on PYTHONPATH goes before what is installed, for metadata as for modules.
    shadow = tmp_path / "shadow"
    shutil.copytree(tmp_path / "site" / "plain_distribution-1.2.dist-info", shadow / "plain_distribution-1.3.dist-info")
    points = "[latentot.models]\nplain = shadow_of_test:load\n"
    (shadow / "plain_distribution-1.3.dist-info" / "entry_points.txt").write_text(points)
    monkeypatch.syspath_prepend(str(shadow))
    announce("modules-only", modules={"shadow_of_test": LINEAR.replace('"plain"', '"shadow"')})
    assert lot.load_model("plain").name == "shadow"


@pytest.mark.usefixtures("plain", "broken")
class TestTrainers:
    def test_is_found_with_its_options_checked(self) -> None:
        assert load_trainer("plain", {"epochs": 4}).__name__ == "train"

    def test_unknown_name_gets_the_nearest(self) -> None:
        with pytest.raises(lot.InputError, match="unknown trainer 'plian': did you mean 'plain'"):
            load_trainer("plian", {})

    def test_unknown_option_gets_the_nearest(self) -> None:
        with pytest.raises(lot.InputError, match=r"'epoch': did you mean 'epochs'.*There are epochs, latent"):
            load_trainer("plain", {"epoch": 3})

    @pytest.mark.parametrize("reserved", ["data", "out", "progress"])
    def test_what_the_command_line_gives_is_no_option(self, reserved: str) -> None:
        with pytest.raises(lot.InputError, match=f"unknown option of the trainer 'plain' '{reserved}'"):
            load_trainer("plain", {reserved: 1})

    def test_broken_one_fails_when_used(self) -> None:
        with pytest.raises(lot.InputError, match=r"the plugin of the trainer 'broken'.*libfoo.so is not there"):
            load_trainer("broken", {})


@pytest.mark.usefixtures("plain", "broken")
class TestCommandLine:
    """What the command line makes of plugins, in this process; tests/plugins does it for real."""

    @pytest.fixture
    def call(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> Callable[..., tuple[Any, str, str]]:
        def run(*arguments: str) -> tuple[Any, str, str]:
            monkeypatch.setattr(sys, "argv", ["latentot", *arguments])
            with pytest.raises(SystemExit) as ended:
                main()
            return ended.value.code, *capsys.readouterr()

        return run

    def test_list_shows_all_and_imports_none(self, call: Callable[..., tuple[Any, str, str]]) -> None:
        status, out, _ = call("list")
        assert status == 0
        assert re.search(r"^  plain +plain-distribution 1\.2$", out, re.MULTILINE)
        assert re.search(r"^  broken +broken-distribution 1\.2$", out, re.MULTILINE)
        assert not {"plain_of_test", "broken_of_test"} & sys.modules.keys()

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["--model", "broken"], ("'broken'", "broken-distribution", "libfoo.so is not there")),
            (["--model", "plian"], ("unknown model 'plian'", "did you mean 'plain'")),
            (["--model", "plain", "--model-option", "widht=3"], ("did you mean 'width'",)),
            (["--model", "needy"], ("needs the option checkpoint",)),
            (["--model", "wrong"], ("made str, not a latentot.Model",)),
        ],
        ids=["broken", "misspelled", "unknown option", "missing option", "no model"],
    )
    def test_what_cannot_be_used_is_one_line(
        self,
        call: Callable[..., tuple[Any, str, str]],
        arguments: list[str],
        words: tuple[str, ...],
    ) -> None:
        status, _, err = call("compare", *arguments)
        assert status == 1
        assert re.fullmatch(r"latentot: .*\n", err), err
        assert all(word in err for word in words), err
