"""A figure that shows itself in a notebook, whether or not pyplot is in use there."""

__all__ = ["Sheet"]

import io

from matplotlib.figure import Figure


class Sheet(Figure):
    """A matplotlib figure that is in no list of open figures, and that notebooks show all the same."""

    def _repr_png_(self) -> bytes:
        stream = io.BytesIO()
        self.savefig(stream, format="png", dpi=144)
        return stream.getvalue()
