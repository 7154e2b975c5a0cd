"""Names as people write them: of what was given, the name that is in a catalogue."""

__all__ = ["resolve", "squeezed"]

from collections.abc import Collection, Mapping

from latentot.errors import InputError, unknown_name


def squeezed(name: str) -> str:
    """A name without case and separators, so that `Earth_Mover` and `earth-mover` are one.

    >>> squeezed("Earth_Mover"), squeezed("sliced Wasserstein-1")
    ('earthmover', 'slicedwasserstein1')
    """
    return "".join(letter for letter in name.casefold() if letter not in "-_ .'")


def resolve(kind: str, given: object, known: Collection[str], also: Mapping[str, str] | None = None) -> str:
    """The name in a catalogue that is meant.

    Args:
        kind: what is named, in the singular.
        given: what was written.
        known: the names of the catalogue.
        also: other words of the field. Each stands for a name of the catalogue, or has a sentence that says which to
            write instead where that depends on what is wanted.

    Raises:
        InputError: nothing is known by this name; the nearest is suggested.

    >>> resolve("method", "Slerp", ["linear", "spherical"], {"slerp": "spherical"})
    'spherical'
    """
    if not isinstance(given, str):
        raise InputError(f"a {kind} is given by its name, such as {min(known)!r}, got {given!r:.200}")
    if given in known:
        return given
    also = also or {}
    # What the catalogue itself calls so comes before other words for it.
    meant = {squeezed(name): target for name, target in (*also.items(), *((name, name) for name in known))}
    target = meant.get(squeezed(given))
    if target is None:
        raise unknown_name(kind, given, known, {name: to for name, to in also.items() if to in known})
    if target not in known:
        raise InputError(f"there is no {kind} {given!r}: {target}")
    return target
