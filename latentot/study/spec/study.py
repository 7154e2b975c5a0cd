"""A study: what is compared, as frozen plain data, from flags or a TOML file."""

__all__ = ["Choice", "Study"]

import math
import os
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, field_serializer, field_validator, model_validator
from pydantic_core import PydanticSerializationError, to_json

from latentot.brief import brief
from latentot.errors import InputError
from latentot.features import feature_extractor
from latentot.judges import judge
from latentot.metrics import DEFAULT, METRICS, drift
from latentot.paths import METHODS, interpolations
from latentot.priors import PRIORS, named_prior, prior_in_text
from latentot.reading import plain_paths, printable
from latentot.study.spec.given import plain_setting, problem_of
from latentot.study.spec.level import check_reach
from latentot.study.spec.rounds import FIRST

Endpoints = Literal["prior", "encoded"]
LEAST = {"null_draws": 19, "seed": 0, "strips": 0, "steps": 2, "max_pairs": FIRST, "max_decoded": 20}
"""Of settings that are not 1 at least."""
AUTO: Literal["auto"] = "auto"
"""So many pairs as verdicts need: in rounds of growing n."""


class Choice(BaseModel):
    """Something chosen by name, with its options."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    options: dict[str, Any] = {}
    own: str = ""
    """Of something that is given beside the study, not found by its name: what tells it from others of its name."""

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, given: Any) -> Any:
        if isinstance(given, str):
            return prior_in_text(given) or {"name": given}
        return given

    @field_validator("options")
    @classmethod
    def _plain_options(cls, options: dict[str, Any]) -> dict[str, Any]:
        """Numbers of NumPy are Python's, paths are text; what a study cannot store is refused."""
        options = plain_paths(options)
        plain = {key: value.tolist() if hasattr(value, "tolist") else value for key, value in options.items()}
        for key, value in plain.items():
            try:
                to_json(value)
            except PydanticSerializationError as error:
                shown = " ".join(f"{value!r:.100}".split())
                raise InputError(f"options are plain data (text, numbers, lists), got {key} = {shown}") from error
        return plain

    def __hash__(self) -> int:
        return hash(self.label)

    def __repr__(self) -> str:
        return f"Choice({brief(self.label)})"

    __str__ = __repr__

    @property
    def label(self) -> str:
        """Its name in tables: options, where there are any, tell two choices of one name apart."""
        options = ", ".join(f"{key}={value}" for key, value in self.options.items())
        return f"{self.name} ({options})" if options else self.name

    @property
    def described(self) -> str | dict[str, Any]:
        """What tells it from all others, as plain data: the label does not tell 1 from "1"."""
        return self.model_dump(mode="json", exclude_defaults=True) if self.options or self.own else self.name


class Study(BaseModel):
    """Everything that determines the numbers of a comparison; the same study gives the same numbers.

    The subject is a prior with a dim, or a model (which has a prior), or neither where a live object is given beside.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = ""
    prior: Choice | None = None
    dim: int | tuple[int, ...] | None = None
    model: Choice | None = None
    data: str | None = None
    latents: str | None = None
    endpoints: tuple[Endpoints, ...] | None = None
    methods: tuple[Choice, ...] = tuple(Choice(name=name) for name in ("linear", "spherical", "cauchy", "earth-mover"))
    metrics: tuple[Choice, ...] = tuple(Choice(name=name) for name in DEFAULT)
    judges: tuple[Choice, ...] = ()
    features: Choice = Choice(name="pca")
    t: tuple[float, ...] = (0.25, 0.5)
    pairs: int | Literal["auto"] = AUTO
    max_pairs: int = 128_000
    max_decoded: int = 8_000
    budget: float | None = None
    repeats: int = 3
    null_draws: int = 39
    seed: int = 0
    margin: float = 0.05
    false_drift: float = 0.01
    false_keep: float = 0.05
    strips: int = 4
    steps: int = 9

    @classmethod
    def of(cls, /, **settings: Any) -> "Study":
        """The study of these settings.

        Raises:
            InputError: a setting does not exist or is not accepted; one line that names the nearest valid one.

        >>> Study.of(prior="normal", dim=8, methods=["linear"]).pairs
        'auto'
        """
        try:
            return cls.model_validate({name: plain_setting(name, given) for name, given in settings.items()})
        except ValidationError as error:
            raise problem_of(error, {"study": cls.model_fields, "choice": Choice.model_fields}) from error

    def __repr__(self) -> str:
        """Only what is not as it is unless said otherwise."""
        given = {name: getattr(self, name) for name in self.model_fields_set}
        said = (f"{name}={brief(given[name])}" for name in type(self).model_fields if name in given)
        return f"Study({', '.join(said)})"

    __str__ = __repr__

    @property
    def metric_labels(self) -> tuple[str, ...]:
        """What its metrics are called in tables."""
        return tuple(choice.label for choice in self.metrics)

    @model_validator(mode="before")
    @classmethod
    def _every_method(cls, given: Any) -> Any:
        """`methods = "all"` are those that the prior can serve."""
        if not isinstance(given, dict) or given.get("methods") not in ("all", ["all"], ("all",)):
            return given
        if given.get("prior") is None or given.get("dim") is None:
            raise InputError('methods = "all" needs a prior and a dim: list the methods of a model by name')
        prior = Choice.model_validate(given["prior"])
        return given | {"methods": interpolations(named_prior(prior.name, given["dim"], **prior.options))}

    @model_validator(mode="before")
    @classmethod
    def _shape_of_file(cls, given: Any) -> Any:
        """The prior of samples in a file needs no dim: the file has it."""
        if not isinstance(given, dict) or given.get("prior") is None or given.get("dim") is not None:
            return given
        prior = Choice.model_validate(given["prior"])
        if PRIORS.resolve(prior.name) != "npz":
            return given
        return given | {"dim": PRIORS.make(prior.name, None, **prior.options).shape}

    @field_validator("prior")
    @classmethod
    def _known_prior(cls, prior: Choice | None) -> Choice | None:
        return prior and prior.model_copy(update={"name": PRIORS.resolve(prior.name)})

    @field_validator("methods")
    @classmethod
    def _known_methods(cls, methods: tuple[Choice, ...]) -> tuple[Choice, ...]:
        return _distinct_choices("methods", tuple(_method(choice) for choice in methods))

    @field_validator("data", "latents", mode="before")
    @classmethod
    def _as_text(cls, data: Any) -> Any:
        return printable(os.fsdecode(data)) if isinstance(data, str | os.PathLike) else data

    @field_validator("endpoints")
    @classmethod
    def _distinct_endpoints(cls, endpoints: tuple[Endpoints, ...] | None) -> tuple[Endpoints, ...] | None:
        return None if endpoints is None else _distinct("endpoints", endpoints)

    @field_validator("metrics")
    @classmethod
    def _known_metrics(cls, metrics: tuple[Choice, ...]) -> tuple[Choice, ...]:
        return _distinct_choices("metrics", tuple(_metric(choice) for choice in metrics))

    @field_validator("judges")
    @classmethod
    def _known_judges(cls, judges: tuple[Choice, ...]) -> tuple[Choice, ...]:
        return _distinct_choices("judges", tuple(_judge(choice) for choice in judges)) if judges else judges

    @field_validator("features")
    @classmethod
    def _known_features(cls, features: Choice) -> Choice:
        if not features.own:
            feature_extractor(features.name, **features.options)
        return features

    @field_serializer("metrics", "judges")
    def _described(self, choices: tuple[Choice, ...]) -> list[Any]:
        return [choice.described for choice in choices]

    @field_serializer("features")
    def _features_described(self, features: Choice) -> Any:
        return features.described

    @field_validator("t")
    @classmethod
    def _positions(cls, t: tuple[float, ...]) -> tuple[float, ...]:
        for position in t:
            if not 0 <= position <= 1:
                raise InputError(f"t lies between 0 and 1, got {position}")
        if t and not any(0 < position < 1 for position in t):
            raise InputError(f"t has a position between 0 and 1, where there is something to judge: got {list(t)}")
        return _distinct("t", tuple(sorted(t)))

    @field_validator("pairs", "max_pairs", "max_decoded", "repeats", "strips", "steps", "seed", "null_draws")
    @classmethod
    def _large_enough(cls, value: Any, info: Any) -> Any:
        least = LEAST.get(info.field_name, 1)
        if value != AUTO and not (math.isfinite(value) and value >= least):
            first = ", the pairs of the first round" if info.field_name == "max_pairs" else ""
            raise InputError(f"{info.field_name} is at least {least}{first}, got {value}")
        return value

    @field_validator("budget")
    @classmethod
    def _seconds(cls, budget: float | None) -> float | None:
        if budget is not None and not budget > 0:
            raise InputError(f"budget is a number of seconds, more than 0, got {budget:g}: leave it out for no limit")
        return budget

    @field_validator("false_drift", "false_keep")
    @classmethod
    def _chance(cls, chance: float, info: Any) -> float:
        if not 0 < chance < 0.5:
            raise InputError(f"{info.field_name} is a chance of an error, more than 0 and less than 0.5, got {chance}")
        return chance

    @field_validator("margin")
    @classmethod
    def _share(cls, margin: float) -> float:
        if not 0 < margin < 1:
            raise InputError(
                f"margin is a share of linear's excess, more than 0 (which no method keeps) and less than 1 (which "
                f"linear keeps), got {margin}"
            )
        return margin

    @model_validator(mode="after")
    def _decides(self) -> "Study":
        check_reach(self.repeats, self.null_draws)
        return self

    @model_validator(mode="after")
    def _one_subject(self) -> "Study":
        if self.model is not None and self.prior is not None:
            raise InputError("a study has a prior or a model (which brings its own prior), got both")
        if self.prior is not None and self.dim is None:
            raise InputError(f"a prior needs a dim, such as 64, its number of coordinates: {self.prior.name} has none")
        if self.prior is None and self.dim is not None:
            raise InputError(f"a dim needs a prior, such as normal: there is none for dim {self.dim}")
        if self.data is not None and self.latents is not None:
            raise InputError("encoded endpoints are of data or of latents, which data were encoded to, got both")
        if self.endpoints is not None and "encoded" in self.endpoints and self.data is None and self.latents is None:
            raise InputError("encoded endpoints need data, such as data = 'digits', or latents = 'npz:codes.npy'")
        return self


def _method(choice: Choice) -> Choice:
    """A method by the name that the catalogue has for it; what is given beside the study is not looked up."""
    if choice.own:
        return choice
    METHODS.check_options(choice.name, choice.options, beside=1)
    return choice.model_copy(update={"name": METHODS.resolve(choice.name)})


def _metric(choice: Choice) -> Choice:
    """A metric by the name that the catalogue has for it, its options checked by making it."""
    if choice.own:
        return choice
    drift(choice.name, **choice.options)
    return choice.model_copy(update={"name": METRICS.resolve(choice.name)})


def _judge(choice: Choice) -> Choice:
    """A judge by the name that the catalogues have for it, its options checked by making it."""
    if choice.own:
        return choice
    made = judge(choice.name, **choice.options)
    if made.better == "neither":
        raise InputError(
            f"the judge {made.name!r} says neither what is better nor what is worse, so that chance tells nothing of "
            "it: take lot.judge(...) by itself"
        )
    return choice.model_copy(update={"name": made.name})


def _distinct_choices(what: str, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    _distinct(what, tuple(choice.label for choice in choices))
    return choices


def _distinct(what: str, values: tuple[Any, ...]) -> tuple[Any, ...]:
    if not values or len(set(values)) < len(values):
        given = ", ".join(map(str, values)) or "none"
        raise InputError(f"{what} must be a list of one or more, each once, got {given}")
    return values
