"""Sources of methods and metrics as BibTeX, out of the citations that they carry."""

__all__ = ["bibtex", "entry"]

import re
import unicodedata
from collections.abc import Iterable

from latentot.runformat import Definition, RunFolder

_FORM = re.compile(
    r"(?P<authors>[^:]+): (?P<title>.+?)\. (?P<venue>.*?)\b(?P<year>(?:19|20)\d\d)\b[,;]?\s*(?P<rest>.*)", re.DOTALL
)
_ARXIV, _DOI = re.compile(r"arXiv:(\d{4}\.\d{4,5}|[\w.-]+/\d+)"), re.compile(r"doi:(10\.\S+?)[,;]?(?:\s|$)")
_SPECIAL = str.maketrans(
    {one: f"\\{one}" for one in "&%$#_{}"}
    | {"\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}"}
)
_TITLE = "latentot: paths, transport and drift in latent spaces, measured against chance"


def bibtex(run: RunFolder) -> str:
    """Every source of a run once, that of latentot first; what cannot be taken apart is left as a note."""
    version = str(run.facts.versions.get("latentot") or "")
    own = ["@software{latentot,", f"  title = {{{_TITLE}}},", "  author = {{The latentot developers}},"]
    own += [*([f"  version = {{{_tex(version)}}},"] if version else []), "}"]
    definitions = [*_used(run.method_names(), run.facts.methods), *_used(run.metric_names(), run.facts.metrics)]
    found: dict[str, str] = {}
    for name, citation in definitions:
        for part in re.split(r";\s+(?=[A-Z][^:;]*: )", citation):
            made = entry(part, name)
            if made and made not in found.values():
                key = _free(made[made.index("{") + 1 : made.index(",")], found)
                found[key] = re.sub(r"\{[^,]*,", lambda _, key=key: f"{{{key},", made, count=1)  # type: ignore[misc]
    return "\n\n".join(["\n".join(own), *found.values()]) + "\n"


def entry(citation: str, used_as: str) -> str:
    """One citation as BibTeX; empty where it names no source.

    Args:
        citation: "authors: title. venue year, more".
        used_as: the method or metric that it is the source of.

    >>> print(entry("White: Sampling generative networks. 2016, arXiv:1609.04468", "spherical"))
    @misc{white2016sampling,
      author = {White},
      title = {{Sampling generative networks}},
      year = {2016},
      eprint = {1609.04468},
      archiveprefix = {arXiv},
      keywords = {spherical},
    }
    """
    text = " ".join(citation.split())
    parts = _FORM.fullmatch(text)
    if parts is None or not re.fullmatch(r"[^\W\d_][^\d=:;()]*", parts["authors"]):
        return (
            f"@misc{{{_key(used_as)},\n  note = {{{_tex(text)}}},\n  keywords = {{{_tex(used_as)}}},\n}}"
            if " " in text
            else ""
        )
    arxiv, doi = _ARXIV.search(parts["rest"]), _DOI.search(f"{parts['rest']} ")
    rest = parts["rest"] if not arxiv and not doi else _DOI.sub("", _ARXIV.sub("", f"{parts['rest']} "))
    fields = {
        "author": " and ".join(_tex(author.strip()) for author in parts["authors"].split(",")),
        "title": f"{{{_tex(parts['title'])}}}",
        "year": parts["year"],
        "howpublished": _tex(parts["venue"].strip(" ,.")),
        "eprint": arxiv[1] if arxiv else "",
        "archiveprefix": "arXiv" if arxiv else "",
        "doi": doi[1].rstrip(".") if doi else "",
        "note": _tex(rest.strip(" ,;.")),
        "keywords": _tex(used_as),
    }
    first, word = parts["authors"].split(",")[0].split()[-1], next(iter(re.findall(r"\w{4,}", parts["title"])), "")
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{_key(first)}{parts['year']}{_key(word)},", *lines, "}"])


def _used(names: Iterable[str], known: dict[str, Definition]) -> list[tuple[str, str]]:
    return [(name, known[name].citation) for name in names if name in known and known[name].citation]


def _key(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "", plain.lower()) or "source"


def _free(key: str, taken: Iterable[str]) -> str:
    number, free = 2, key
    while free in taken:
        free, number = f"{key}-{number}", number + 1
    return free


def _tex(text: str) -> str:
    return text.translate(_SPECIAL)
