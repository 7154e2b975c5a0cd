"""Draw docs/figures/hero.svg, the picture of the README, from the stored run in reports/digits.

A row a method: what the VAE decodes between the same two latents, norms half way beside the prior's, the verdict.

python docs/make_hero.py
"""

from pathlib import Path
from typing import Any

import numpy as np

from latentot.runformat import RunFolder

DOCS = Path(__file__).parent
RUN, FIGURE = DOCS.parent / "reports" / "digits", DOCS / "figures" / "hero.svg"
COLOURS = {"keeps": "#009E73", "drifts": "#D55E00", "inconclusive": "#8a6d00"}
PAIR = 2


def draw(run: RunFolder) -> Any:
    """The figure."""
    import matplotlib as mpl

    mpl.use("svg")
    import matplotlib.pyplot as plt

    mpl.rcParams.update({"svg.hashsalt": "hero", "font.size": 9, "svg.fonttype": "path"})
    known = run.artefacts
    verdicts = {v.method: v.verdict for v in run.facts.verdicts if v.key == ("prior", "prior", "latent")}
    methods = [name for name in known["strips/methods"].tolist() if name in verdicts]
    edges, half = known["norms/edges"], int(np.argmin(np.abs(known["norms/t"] - 0.5)))
    middle = (edges[1:] + edges[:-1]) / 2
    high = max(known[f"norms/prior/{name}"][half].max() for name in methods)
    figure, rows = plt.subplots(
        len(methods), 2, figsize=(9, 0.95 * len(methods) + 0.3), width_ratios=[5, 2], layout="constrained"
    )
    for (strip, norms), name in zip(rows, methods, strict=True):
        walk = known["strips/prior"][PAIR, known["strips/methods"].tolist().index(name), :, 0]
        strip.imshow(np.concatenate([np.pad(image, 1) for image in walk], axis=1), cmap="gray_r", vmin=0, vmax=1)
        strip.set(xticks=[], yticks=[])
        strip.set_title(name, loc="left", fontsize=9, fontweight="bold", pad=2)
        strip.set_title(verdicts[name], loc="right", fontsize=9, color=COLOURS[verdicts[name]], pad=2)
        norms.fill_between(middle, known["norms/prior/reference"], color="0.85", linewidth=0)
        norms.plot(middle, known[f"norms/prior/{name}"][half], color=COLOURS[verdicts[name]], linewidth=1.3)
        norms.set(yticks=[], ylim=(0, 1.05 * high), xlim=(0, edges[-1]))
        for spine in (*strip.spines.values(), *(norms.spines[side] for side in ("top", "left", "right"))):
            spine.set_visible(False)
        if name != methods[-1]:
            norms.set_xticklabels([])
    rows[0][1].set_title("norms half way; grey: the prior's", fontsize=8, loc="left", pad=2)
    return figure


if __name__ == "__main__":
    draw(RunFolder.read(RUN)).savefig(FIGURE, metadata={"Date": None})
