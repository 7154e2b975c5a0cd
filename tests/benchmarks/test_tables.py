"""Tables of coefficients in the code are those that their generator computes."""

from collections.abc import Callable
from types import ModuleType

import pytest

pytest.importorskip("numba")


@pytest.mark.parametrize(
    "name",
    [
        "MILLS",
        "CENTER",
        "CENTER_INVERSE",
        "TAIL_INVERSE",
        "CENTRE",
        "TAIL",
        "COT",
        "CENTRE_BACK",
        "EXCESS",
        "TAIL_BACK",
    ],
)
def test_the_code_has_what_the_generator_computes(name: str, script: Callable[[str], ModuleType]) -> None:
    tables = script("tables")
    table, kept = tables.TABLES[name], tables.stored(name, tables.TABLES[name])
    # TAIL_BACK, an eighth of what it is added to, has intervals known to 1e-15 only.
    assert tables.error(table, kept, table.coefficients(len(kept) - 1)) < (2e-15 if name == "TAIL_BACK" else 2e-16)
