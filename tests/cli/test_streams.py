"""Whoever reads what a command says, or nobody: its files are written, and its exit status tells what became of it."""

import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from latentot.cli import main
from latentot.cli.streams import lasting_streams

STUDY = """
prior = "normal"
dim = 2
methods = ["linear"]
metrics = ["norm-wasserstein"]
t = [0.5]
pairs = 20
repeats = 2
null_draws = 19
"""
WRITTEN = ["artefacts.npz", "cells.sqlite", "report.html", "report.md", "results.csv", "run.json"]
RUN = [sys.executable, "-c", "from latentot.cli import main; main()"]
UNDRAWN = (
    "from latentot.reporting import page; from latentot.reporting.figures import Drawing; "
    "page.attempted = lambda kind, *_: Drawing(kind, '', ''); page.attempted_all = lambda *_: (); "
)
"""Pages are composed and written as ever, but for their figures."""
FULL = Path("/dev/full")

needs_a_full_disk = pytest.mark.skipif(not FULL.exists(), reason="the system has no /dev/full")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    return tmp_path


def pipe_without_a_reader() -> int:
    reader, writer = os.pipe()
    os.close(reader)
    return writer


class TestCompare:
    """In processes of their own: how they are started is what matters."""

    def compare(self, *arguments: bytes | str, closing: tuple[int, ...] = (), **how: Any) -> int:
        def close() -> None:
            for descriptor in closing:
                os.close(descriptor)

        how = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | how
        asked = [*RUN[:2], UNDRAWN + RUN[2], "compare", *arguments, "--out", "out"]
        return subprocess.run(asked, check=False, preexec_fn=close, **how).returncode

    def written(self) -> dict[str, Any]:
        assert sorted(path.name for path in Path("out").iterdir()) == WRITTEN
        assert Path("out/report.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
        run: dict[str, Any] = json.loads(Path("out/run.json").read_text(encoding="utf-8"))
        return run

    def test_nobody_reads(self, folder: Path) -> None:
        """`latentot compare ... 2>&1 | true`: the reader, who knew few letters, has gone before the first line."""
        study = os.fsencode(folder) + b"/caf\xe9.toml"
        try:
            Path(os.fsdecode(study)).write_text(STUDY, encoding="utf-8")
        except OSError:
            study = b"study.toml"
        pipe, environment = pipe_without_a_reader(), {**os.environ, "PYTHONIOENCODING": "ascii"}
        status = self.compare(study, "--expect", "linear=keeps", stdout=pipe, stderr=pipe, env=environment)
        os.close(pipe)
        run = self.written()
        assert status == (0 if run["verdicts"][0]["verdict"] == "keeps" else 3)
        assert run["title"] in ("caf?", "study")

    def test_everything_is_closed(self) -> None:
        """`<&- >&- 2>&-`: no file of the run takes the place of a stream that somebody writes to."""
        assert self.compare("study.toml", closing=(0, 1, 2)) == 0
        assert self.written()["failures"] == []


@needs_a_full_disk
def test_what_a_full_disk_has_lost_is_told_and_is_a_failure() -> None:
    with FULL.open("w") as full:
        done = subprocess.run([*RUN, "list"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    why = os.strerror(errno.ENOSPC)
    said = f"latentot: standard output cannot be written: {why}; the files it names are complete\n"
    assert (done.returncode, done.stderr) == (1, said)


class TestStreams:
    @pytest.fixture
    def own(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
        """Makes streams of descriptors as the interpreter does at its start; None is one that was closed."""
        made: list[io.TextIOWrapper] = []

        def put(out: int | None, err: int | None = None, encoding: str = "utf-8") -> None:
            for name, descriptor in (("stdout", out), ("stderr", err)):
                stream = None if descriptor is None else open(descriptor, "w", encoding=encoding)  # noqa: PTH123, SIM115
                made.extend([stream] if stream else [])
                for one in (name, f"__{name}__"):
                    monkeypatch.setattr(sys, one, stream)

        yield put
        for stream in made:
            stream.close()

    @pytest.mark.parametrize(
        ("encoding", "shown"),
        [("utf-8", "ñ И ξ ?"), ("ascii", "? ? ? ?"), ("cp1251", "? И ? ?"), ("latin-1", "ñ ? ? ?")],
    )
    def test_letters_that_cannot_be_shown(self, own: Callable[..., None], encoding: str, shown: str) -> None:
        reader, writer = os.pipe()
        own(writer, encoding=encoding)
        with lasting_streams() as lost:
            sys.stdout.write("ñ И ξ \udce9")
            assert lost() is None
        assert os.read(reader, 100).decode(encoding) == shown
        os.close(reader)

    def test_a_reader_that_wants_no_more(self, own: Callable[..., None]) -> None:
        own(pipe_without_a_reader(), pipe_without_a_reader())
        with lasting_streams() as lost:
            for _ in range(3):
                sys.stdout.write("x" * 100_000)
                sys.stderr.write("x\n")
            assert lost() is None

    @needs_a_full_disk
    def test_a_full_disk_is_told_of_once_the_rest_is_done(self, own: Callable[..., None]) -> None:
        own(os.open(FULL, os.O_WRONLY), os.open(FULL, os.O_WRONLY))
        with lasting_streams() as lost:
            sys.stdout.write("x\n")
            sys.stderr.write("x\n")
            assert lost() == os.strerror(errno.ENOSPC)

    def test_closed(self, own: Callable[..., None]) -> None:
        own(None, None)
        with lasting_streams() as lost:
            sys.stdout.write("x\n")
            sys.stderr.write("x\n")
            assert lost() is None
        assert sys.stdout is None

    def test_bytes_are_left_to_the_interpreter(self, own: Callable[..., None]) -> None:
        """A write of ours could be interrupted once it has written, before it says so: the line would come twice."""
        reader, writer = os.pipe()
        own(writer, os.dup(writer))
        with lasting_streams():
            for stream in (sys.stdout, sys.stderr):
                assert type(stream.buffer) is io.BufferedWriter
                assert type(stream.buffer.raw) is io.FileIO
        os.close(reader)

    @pytest.mark.usefixtures("capsys")
    def test_what_a_program_has_put_in_their_place_stays(self) -> None:
        given = sys.stdout
        with lasting_streams():
            assert sys.stdout is given


TOO_LONG = "x" * 300
UNREADABLE = os.fsdecode(b"caf\xe9")


class TestOut:
    """What cannot be made is refused before anything is computed."""

    @pytest.mark.parametrize(
        ("out", "words"),
        [
            (TOO_LONG, "File name too long"),
            ("new/" * 1100 + "x", "File name too long"),
            (UNREADABLE, "give --out a name in UTF-8"),
            ("study.toml", "File exists"),
            ("study.toml/out", "Not a directory"),
            ("/proc/none", "cannot write"),
            ("taken", "taken/run.json is a folder where a file is to be"),
        ],
        ids=["long", "deep", "latin-1", "file", "below a file", "no disk", "folder for a file"],
    )
    def test_of_compare(
        self, out: str, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        Path("taken/run.json").mkdir(parents=True)
        monkeypatch.setattr("latentot.study.run", lambda *_, **__: pytest.fail("something was computed"))
        assert_refused(["compare", "study.toml", "--out", out], words, monkeypatch, capsys)

    @needs_a_full_disk
    def test_of_compare_on_a_full_disk(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("tempfile.NamedTemporaryFile", lambda **_: FULL.open("wb", buffering=0))
        monkeypatch.setattr("latentot.study.run", lambda *_, **__: pytest.fail("something was computed"))
        assert_refused(["compare", "study.toml", "--out", "out"], "No space left on device", monkeypatch, capsys)

    def test_of_one_of_several(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        Path("study.toml").write_text(STUDY.replace("dim = 2", "dim = [2, 3]"), encoding="utf-8")
        Path("out").mkdir()
        Path("out/d=3").touch()
        monkeypatch.setattr("latentot.study.run", lambda *_, **__: pytest.fail("something was computed"))
        assert_refused(["compare", "study.toml", "--out", "out"], "File exists", monkeypatch, capsys)

    @pytest.mark.parametrize("command", ["train", "interpolate"])
    @pytest.mark.parametrize(
        ("out", "words"),
        [
            (TOO_LONG, "File name too long"),
            (UNREADABLE, "give --out a name in UTF-8"),
            ("nowhere/x", "No such file or directory"),
            ("study.toml/x", "Not a directory"),
            ("folder", "Is a directory"),
        ],
        ids=["long", "latin-1", "no folder", "below a file", "a folder"],
    )
    def test_of_a_file(
        self,
        command: str,
        out: str,
        words: str,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        Path("folder.npy").mkdir()
        monkeypatch.setattr("latentot.models.load_trainer", lambda *_: lambda *_, **__: pytest.fail("trained"))
        monkeypatch.setattr("latentot.models.load_model", lambda *_, **__: pytest.fail("a model was loaded"))
        asked = {"train": ["train", "torch-vae", "--data", "digits"], "interpolate": ["interpolate", "a", "b"]}[command]
        model = [] if command == "train" else ["--model", "torch-vae"]
        before = sorted(Path().iterdir())
        assert_refused([*asked, *model, "--out", f"{out}.npy"], words, monkeypatch, capsys)
        assert sorted(Path().iterdir()) == before


def assert_refused(
    arguments: list[str], words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["latentot", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    assert (out, ended.value.code in (1, 2)) == ("", True)
    assert err.startswith("latentot: cannot write") or err.startswith("latentot: taken/run.json")
    assert err.count("\n") == 1
    assert words in err, err
