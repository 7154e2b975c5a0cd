"""A comparison as the evaluation results of a model card."""

__all__ = ["model_index"]

from collections.abc import Mapping
from typing import Any

from latentot.comparison import Comparison
from latentot.exports.flat import known
from latentot.reporting import baseline
from latentot.runformat import population_label

_DRAWN = {"prior": "draws of the prior", "encoded": "encodings of data"}


def model_index(result: Comparison, name: str = "", *, task: str = "latent-interpolation") -> dict[str, Any]:
    """Drift and verdict of every method, as `model-index` in the metadata of a Hugging Face model card.

    Args:
        result: what was found.
        name: of the model; what the comparison knows it by, if it is empty.
        task: its type, such as one of the hub's pipeline tags.

    Returns:
        `{"model-index": [...]}` of plain data: `huggingface_hub.ModelCardData(**model_index(result))` takes it, and
        `json.dumps(model_index(result), indent=1)` is YAML for the head of a README.md.

    References:
        Hugging Face: model card metadata. https://github.com/huggingface/hub-docs/blob/main/modelcard.md

    >>> import latentot as lot
    >>> result = lot.compare(lot.Normal(8), "linear", "norm-ks", n=60, repeats=2, null_draws=19, seed=0)
    >>> model_index(result, "mine")["model-index"][0]["results"][0]["metrics"][-1]["value"]
    'drifts'
    """
    facts = result.outcome.facts
    about, study = facts["subject"], facts["study"]
    settings = {name: study[name] for name in ("t", "repeats", "seed", "margin")}
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in facts["verdicts"]:
        groups.setdefault((row["endpoints"], row["reference"], row["space"]), []).append(row)
    results = [
        {
            "task": {"type": task, "name": "Interpolation between latents"},
            "dataset": {
                "type": "latents" if endpoints == "prior" else str(study["data"] or study["latents"] or "data"),
                "name": f"{_DRAWN[endpoints]}, {about['label']}"
                + f" ({population_label(endpoints, reference, space)})" * ((reference, space) != ("prior", "latent")),
                "args": settings | {"latentot": facts["versions"].get("latentot", "")},
            },
            "metrics": [metric for row in rows for metric in _metrics(row)],
        }
        for (endpoints, reference, space), rows in groups.items()
    ]
    return {"model-index": [{"name": name or about["name"] or about["label"], "results": results}]}


def _metrics(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    method, found = row["method"], []
    if known(row["share"]):
        interval = {name: _short(row[f"share_{name}"]) for name in ("low", "high") if known(row[f"share_{name}"])}
        where = {"metric": row["share_metric"], "t": row["share_t"]}
        found.append({
            "type": "drift-share", "name": f"{method}: drift as a share of {baseline(row['space'])}",
            "value": _short(row["share"]), "args": {"method": method, **interval, **where},
        })  # fmt: skip
    details = {"method": method, "pairs": row["n"], "theory": row["theory"], "reason": row["reason"]}
    said = {"type": "verdict", "name": f"{method}: verdict", "value": row["verdict"]}
    return [*found, said | {"args": {name: value for name, value in details.items() if value not in (None, "")}}]


def _short(value: float) -> float:
    """As many digits as chance leaves."""
    return float(f"{value:.4g}")
