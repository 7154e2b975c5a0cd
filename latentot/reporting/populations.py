"""What a population is called: how its endpoints came about, and the law that its points are held against."""

__all__ = ["baseline", "brief_title", "endpoints_title", "kept_where", "law", "population_title"]

from latentot.runformat import Population

_ENDPOINTS = {"prior": "Endpoints drawn from the prior", "encoded": "Endpoints encoded from data"}
_LAWS = {"prior": "the prior", "posterior": "the aggregate posterior"}
_BRIEF = {"prior": "draws", "encoded": "encodings", "posterior": "posterior"}
_SAMPLED = {"posterior": " (fresh encodings of other data)"}


def endpoints_title(endpoints: str) -> str:
    """How endpoints came about, as a heading.

    >>> endpoints_title("encoded")
    'Endpoints encoded from data'
    """
    return _ENDPOINTS.get(endpoints, f"Endpoints: {endpoints}")


def law(reference: str, *, explained: bool = False) -> str:
    """The law that points are held against, as a sentence names it.

    Args:
        reference: its name in a run.
        explained: whether to say what the law is known by, where that is not plain.

    >>> law("prior"), law("posterior", explained=True)
    ('the prior', 'the aggregate posterior (fresh encodings of other data)')
    """
    return _LAWS.get(reference, reference) + (_SAMPLED.get(reference, "") if explained else "")


def population_title(population: Population, *, explained: bool = True) -> str:
    """Endpoints and law as a heading; draws of the prior go without saying that the prior is their law, latents
    without saying that they are latents.

    >>> population_title(Population("encoded", "posterior"), explained=False)
    'Endpoints encoded from data, held against the aggregate posterior'
    >>> population_title(Population("prior"))
    'Endpoints drawn from the prior'
    >>> population_title(Population("prior", space="data"))
    'Endpoints drawn from the prior, decoded'
    """
    title = endpoints_title(population.endpoints) + ", decoded" * (population.space == "data")
    if population.endpoints == population.reference:
        return title
    return f"{title}, held against {law(population.reference, explained=explained)}"


def brief_title(population: Population) -> str:
    """The same in a few words, as a button has them.

    >>> brief_title(Population("encoded", "posterior"))
    'encodings against posterior'
    >>> brief_title(Population("prior"))
    'draws against prior'
    """
    own = _BRIEF.get(population.endpoints, population.endpoints)
    return f"{own} against {population.reference}{_decoded(population)}"


def baseline(space: str) -> str:
    """Whose drift others are shares of: linear's, and in data space that of data that are each the mean of two.

    >>> baseline("latent"), baseline("data")
    ("linear's", "cross-fading's")
    """
    return "cross-fading's" if space == "data" else "linear's"


def kept_where(population: Population) -> str:
    """What a method keeps there, as a sentence goes on.

    >>> kept_where(Population("encoded", "posterior"))
    'the posterior between encodings'
    """
    own = _BRIEF.get(population.endpoints, population.endpoints)
    return f"{law(population.reference).replace('aggregate ', '')} between {own}{_decoded(population)}"


def _decoded(population: Population) -> str:
    return ", decoded" if population.space == "data" else ""
