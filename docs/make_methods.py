"""Write docs/methods.md: every interpolation, its formula and source, and the laws that it claims on each prior.

python docs/make_methods.py
"""

from pathlib import Path
from typing import Any

import latentot as lot
from latentot.paths import LAWS, METHODS, Combination

PAGE = Path(__file__).with_name("methods.md")

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
    return "\n".join(lines)


def _cell(name: str, prior: lot.Prior, law: str) -> str:
    if name not in lot.interpolations(prior):
        return ""
    return "✓" if law in lot.interpolation(name, prior).claims() else "·"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
