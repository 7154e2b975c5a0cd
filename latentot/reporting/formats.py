"""How numbers, settings and lists of names are written in a report."""

__all__ = ["NOTHING", "count", "listed", "number", "plain", "share", "signed"]

import math
from collections.abc import Mapping, Sequence

NOTHING = "–"  # noqa: RUF001 - a dash is how tables show an empty cell


def number(value: float | None) -> str:
    """A number with three significant digits.

    >>> [number(x) for x in (0.29289, 212.4, 1234.5, 0.0000123, 0, None)]
    ['0.293', '212', '1,234', '1.23e-5', '0', '–']
    """  # noqa: RUF002
    if value is None or math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    rounded = float(f"{value:.3g}")
    if 1000 <= abs(rounded) < 1e6:
        return f"{value:,.0f}"
    if rounded == 0 or 1e-4 <= abs(rounded) < 1e6:
        return f"{rounded:g}"
    mantissa, exponent = f"{value:.2e}".split("e")
    return f"{float(mantissa):g}e{int(exponent)}"


def signed(value: float | None) -> str:
    """An excess in standard deviations, with its sign.

    >>> signed(41.23), signed(-0.52), signed(3863.2), signed(298503990.1)
    ('+41.2', '-0.5', '+3,863', '+2.99e8')
    """
    if value is None or not math.isfinite(value):
        return f"+{number(value)}" if value == math.inf else number(value)
    if abs(value) >= 1e6:
        return f"{'+' * (value > 0)}{number(value)}"
    return f"{value:+,.0f}" if abs(value) >= 100 else f"{value:+.1f}"


def count(value: float | None) -> str:
    """A whole number, thousands apart.

    >>> count(10_000)
    '10,000'
    """
    return NOTHING if value is None or not math.isfinite(value) else f"{value:,.0f}"


def share(value: float | None, low: float | None, high: float | None) -> str:
    """A share in per cent, with its interval.

    >>> share(0.134, 0.112, 0.156), share(0.0034, -0.0315, 0.0383), share(None, None, None)
    ('13 % [11, 16]', '0.3 % [-3.1, 3.8]', '–')
    """  # noqa: RUF002
    if value is None or low is None or high is None or not all(map(math.isfinite, (value, low, high))):
        return NOTHING
    digits = 0 if max(abs(low), abs(high)) >= 0.1 else 1
    middle, *ends = (f"{100 * x:.{digits}f}" for x in (value, low, high))
    return f"{middle} % [{', '.join(ends)}]"


def plain(value: object) -> str:
    """A setting as one line of text.

    >>> plain({"t": [0.25, 0.5], "debias": True, "alpha": None})
    't: 0.25, 0.5; debias: yes; alpha: –'
    >>> plain([{"name": "linear", "options": {}}, {"name": "stable", "options": {"alpha": 1.5}}])
    'linear, stable (alpha: 1.5)'
    """  # noqa: RUF002
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping) and value.keys() == {"name", "options"}:
        return f"{value['name']} ({plain(value['options'])})" if value["options"] else str(value["name"])
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {plain(item)}" for key, item in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(plain(item) for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def listed(names: Sequence[str]) -> str:
    """Names as a sentence has them.

    >>> listed(["linear", "spherical", "cauchy"])
    'linear, spherical and cauchy'
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
