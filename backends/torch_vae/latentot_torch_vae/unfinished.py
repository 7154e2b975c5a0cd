"""The file of an unfinished training, beside the checkpoint that it will be."""

__all__ = ["Unfinished"]

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from latentot.errors import InputError
from latentot_torch_vae.atomic import write
from latentot_torch_vae.likelihood import Likelihood
from latentot_torch_vae.network import Architecture
from latentot_torch_vae.recipe import Recipe
from latentot_torch_vae.state import State, from_bytes, to_bytes


@dataclass(frozen=True, eq=False)
class Unfinished:
    """Reads and writes the state of one training.

    Args:
        out: the checkpoint that it will be.
        architecture, likelihood, recipe, data: what is trained, how and on what; only the same goes on.
    """

    out: Path
    architecture: Architecture
    likelihood: Likelihood
    recipe: Recipe
    data: dict[str, Any]

    @property
    def path(self) -> Path:
        """The file."""
        return self.out.with_name(f"{self.out.stem}.training.safetensors")

    def read(self) -> State:
        """The state that was kept.

        Raises:
            InputError: there is none, it is damaged, or it is of another training.
        """
        try:
            raw = self.path.read_bytes()
        except OSError as error:
            raise InputError(
                f"there is no unfinished training to resume, {self.path}: {error.strerror}; train without resume"
            ) from error
        try:
            return from_bytes(raw, self._plan(), self.architecture)
        except InputError as error:
            raise InputError(f"{self.path} cannot be resumed: {error}") from error

    def keep(self, state: State) -> None:
        """Write the state, wholly or not at all."""
        write(self.path, to_bytes(self._plan(), state))

    def remove(self) -> None:
        """Training has succeeded."""
        self.path.unlink(missing_ok=True)

    def _plan(self) -> dict[str, Any]:
        parts = {"architecture": self.architecture, "likelihood": self.likelihood, "recipe": self.recipe}
        # As JSON has it: lists for tuples.
        return json.loads(json.dumps({name: asdict(part) for name, part in parts.items()} | {"data": self.data}))
