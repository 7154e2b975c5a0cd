"""The store: every cell that has been computed, kept as soon as it is known, in one SQLite file of the run's folder."""

__all__ = ["NAME", "Store"]

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from latentot.errors import InputError
from latentot.study.storage.serialise import decode, encode
from latentot.study.work.failure import Failure

NAME = "cells.sqlite"
APPLICATION = 0x6C617465
"""The first bytes of the name, by which the file is known as latentot's."""
SCHEMA = 2
LAYOUT = """
CREATE TABLE cells (
    key TEXT PRIMARY KEY, title TEXT NOT NULL, failed INTEGER NOT NULL, seconds REAL NOT NULL,
    outcome TEXT NOT NULL, checksum TEXT NOT NULL
) WITHOUT ROWID
"""
HOSTS = "CREATE TABLE IF NOT EXISTS computers (computer TEXT PRIMARY KEY, checksum TEXT NOT NULL) WITHOUT ROWID"
AGAIN = "delete it to compute everything again"


class Store:
    """The parts of the cells of one folder, by their keys.

    Each cell is one transaction: whatever ends the program, what was kept before is whole. One process holds the file
    at a time. Every row carries its SHA-256, so that a damaged one is never taken for a result.

    Args:
        path: the file.
        connection: to it, open and locked.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._file = path.stat().st_ino

    @classmethod
    @contextmanager
    def open(cls, folder: Path) -> Iterator["Store"]:
        """The store of a folder, created if it does not exist; held until the context ends.

        Raises:
            InputError: another process holds it, it is damaged, of another version, or cannot be written to.
        """
        path = folder / NAME
        with _refused(path):
            connection = sqlite3.connect(path, isolation_level=None, timeout=1)
        try:
            with _refused(path):
                _prepare(connection, path)
            yield cls(path, connection)
        finally:
            connection.close()

    def outcomes(self, keys: set[str]) -> dict[str, Any]:
        """What is known of some parts.

        Raises:
            InputError: a row is not what was written.
        """
        found = {}
        with _refused(self.path):
            for key, title, failed, seconds, outcome, checksum in self._connection.execute("SELECT * FROM cells"):
                if checksum != _checksum(key, title, failed, seconds, outcome):
                    raise InputError(f"{self.path} is damaged (cell {title!r:.80}): {AGAIN}")
                if key in keys:
                    found[key] = decode(outcome)
        return found

    def keys(self) -> set[str]:
        """The keys of all parts that did not fail."""
        with _refused(self.path):
            return {key for (key,) in self._connection.execute("SELECT key FROM cells WHERE NOT failed")}

    def hosts(self) -> set[str]:
        """What has computed cells of this folder.

        Raises:
            InputError: a row is not what was written.
        """
        found = set()
        with _refused(self.path):
            for host, checksum in self._connection.execute("SELECT * FROM computers"):
                if checksum != _checksum(host):
                    raise InputError(f"{self.path} is damaged (host {host!r:.80}): {AGAIN}")
                found.add(host)
        return found

    def add_host(self, host: str) -> None:
        """Keep what has computed a cell.

        Raises:
            InputError: it cannot be written.
        """
        with _refused(self.path):
            values = host, _checksum(host)
            self._connection.execute("INSERT OR REPLACE INTO computers VALUES (?, ?)", values)

    def keep(self, parts: Mapping[str, Any], title: str, seconds: float) -> None:
        """Keep the parts of one cell, or its failure; what was kept of them before gives way.

        Args:
            parts: outcomes by their keys.
            title: the cell's.
            seconds: what all of it took.

        Raises:
            InputError: they cannot be written.
        """
        rows = [
            (key, title, int(isinstance(part, Failure)), float(seconds), encode(part)) for key, part in parts.items()
        ]
        with _refused(self.path):
            if self.path.stat().st_ino != self._file:
                raise FileNotFoundError("another file has replaced it")
            self._connection.execute("BEGIN")
            values = ((*row, _checksum(*row)) for row in rows)
            self._connection.executemany("INSERT OR REPLACE INTO cells VALUES (?, ?, ?, ?, ?, ?)", values)
            self._connection.execute("COMMIT")


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    # An exclusive lock needs no shared memory, and is let go by the system if the process dies. A write-ahead log makes
    # a transaction one append; it loses none of them to a dying process, and the last ones at worst to a power cut.
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("BEGIN EXCLUSIVE")
    application, schema = (
        connection.execute(f"PRAGMA {what}").fetchone()[0] for what in ("application_id", "user_version")
    )
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if (application, schema, tables) == (0, 0, 0):
        connection.execute(LAYOUT)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {SCHEMA}")
    elif application != APPLICATION:
        raise InputError(f"{path} is not a store of latentot: move it away, or choose another folder")
    elif schema != SCHEMA:
        raise InputError(
            f"{path} has schema {schema}, this latentot keeps schema {SCHEMA}: choose another folder, or {AGAIN}"
        )
    connection.execute(HOSTS)
    connection.execute("COMMIT")
    problem = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if problem != "ok":
        raise InputError(f"{path} is damaged ({' '.join(problem.split())}): {AGAIN}")


def _checksum(*row: Any) -> str:
    return hashlib.sha256(repr(row).encode()).hexdigest()


@contextmanager
def _refused(path: Path) -> Iterator[None]:
    """SQLite's errors in one line each."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise InputError(
                f"another process is working in {path.parent}: wait for it, or choose another folder"
            ) from error
        raise InputError(f"cannot write to {path}: {error}") from error
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is damaged ({' '.join(str(error).split())}): {AGAIN}") from error
    except OSError as error:
        raise InputError(f"{path} is gone ({error.strerror or error}): what was kept before is lost") from error
