"""Write docs/methods.md: every interpolation, its formula and source, and the laws that it claims on each prior.

python docs/make_methods.py

What earth-mover does on each prior is measured: `python benchmarks/validity/earth_mover.py --keep
docs/figures/earth_mover.json`.
"""

import json
from pathlib import Path
from typing import Any

import latentot as lot
from latentot.paths import LAWS, METHODS, Combination

PAGE = Path(__file__).with_name("methods.md")
MEASURED = Path(__file__).parent / "figures" / "earth_mover.json"

PRIORS = {
    "normal": lot.Normal(4),
    "uniform": lot.Uniform(4),
    "Laplace": lot.Laplace(4),
    "Student t": lot.StudentT(4, df=3),
    "Cauchy": lot.Cauchy(4),
    "sphere": lot.Sphere(4),
    "multivariate t": lot.MultivariateT(4, df=3),
    "multivariate Cauchy": lot.MultivariateT(4, df=1),
    "empirical": lot.Empirical(lot.Normal(4).sample(100, rng=0)),
}


def page() -> str:
    """The whole page."""
    lines = [
        "# Interpolations and what they claim",
        "",
        "Made by `python docs/make_methods.py`; the tests hold every claim, and show that what is not claimed fails.",
        "",
        "| name | formula | several points | source |",
        "|---|---|---|---|",
    ]
    for name in METHODS.own:
        chosen: Any = METHODS.find(name)
        several = "yes" if issubclass(chosen, Combination) else ""
        lines.append(f"| `{name}` | `{chosen.formula.replace('|', chr(92) + '|')}` | {several} | {chosen.citation} |")
    for law, sentence in LAWS.items():
        lines += ["", f"## {law.capitalize()}", "", f"{sentence[0].upper()}{sentence[1:]}.", ""]
        lines += ["| | " + " | ".join(PRIORS) + " |", "|---" * (len(PRIORS) + 1) + "|"]
        for name in METHODS.own:
            cells = [_cell(name, prior, law) for prior in PRIORS.values()]
            lines.append(f"| `{name}` | " + " | ".join(cells) + " |")
    lines += ["", "✓ claimed, · not claimed, empty: the prior cannot serve the method.", ""]
    return "\n".join([*lines, *_measured()])


def _measured() -> list[str]:
    """What earth-mover was measured to do: it claims no prior, since its maps are learned."""
    lines = [
        "## What earth-mover is measured to do",
        "",
        "Verdicts of `lot.compare(prior, ['linear', 'earth-mover'])` in 16 coordinates, by",
        "`benchmarks/validity/earth_mover.py`: *keeps* where the upper 95 % bound of its drift is below 5 % of",
        "linear's.",
        "",
        "| prior | verdict | map at t = 1/2 | pairs | share of linear's drift | at most | worst | CPU s | measured |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in json.loads(MEASURED.read_text(encoding="utf-8")):
        cells = [row["prior"], row["verdict"], f"`{row['map']}`", f"{row['pairs']:,}", f"{row['share']:.1%}"]
        cells += [f"{row['share_high']:.1%}", row["worst"], f"{row['CPU s']:.0f}"]
        lines.append("| " + " | ".join([*cells, f"{row['date']}, `{row['commit']}`"]) + " |")
    return [*lines, ""]


def _cell(name: str, prior: lot.Prior, law: str) -> str:
    if name not in lot.interpolations(prior):
        return ""
    return "✓" if law in lot.interpolation(name, prior).claims() else "·"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
