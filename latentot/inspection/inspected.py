"""What an inspection found."""

__all__ = ["Inspection"]

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latentot.inspection.folder import write_inspection
from latentot.reading import path_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Inspection:
    """What an inspection found.

    Args:
        facts: what was inspected and how, and what each operation says, as plain data.
        tables: reconstruction, coordinates, aggregate-posterior, norms, samples, around, walks: those that there are.
        arrays: what the figures are drawn from.
    """

    facts: Mapping[str, Any]
    tables: "Mapping[str, pd.DataFrame]" = field(repr=False)
    arrays: "Mapping[str, NDArray[Any]]" = field(repr=False)

    def __repr__(self) -> str:
        lines = [f"{self.facts['title']} ({self.facts['subject']})", *self.facts["notes"]]
        for one in self.facts["operations"]:
            said = f"skipped, {one['skipped']}" if one.get("skipped") else one["says"][0]
            lines.append(f"{one['title']}: {said}")
        return "\n".join([*lines, ".tables has the numbers, .report(folder) writes the page"])

    def skipped(self) -> dict[str, str]:
        """Operations that found nothing, and why."""
        return {one["name"]: one["skipped"] for one in self.facts["operations"] if one.get("skipped")}

    def report(self, folder: Path | str) -> Path:
        """Write what was found, and a page of it.

        Args:
            folder: where; made if it does not exist.

        Returns:
            The path of report.html.

        Raises:
            InputError: the folder cannot be written to.
        """
        from latentot.inspection.page.rendering import render

        path = path_of(folder, "the folder of an inspection")
        write_inspection(path, self.facts, self.tables, self.arrays)
        return render(path)
