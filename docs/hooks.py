"""What MkDocs does on the way: links that leave docs/ are text on the site, which has no sources to lead to."""

import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent
LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]+)\]\((?P<to>\.\./[^)]+)\)")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Take the link from what lies outside of docs/; on the page of a code-hosting site it leads there."""
    for link in LINK.finditer(markdown):
        target = DOCS / link["to"].partition("#")[0]
        if not target.exists():
            raise FileNotFoundError(f"a page links to {link['to']}, which is not there")
    return LINK.sub(lambda link: link["text"], markdown)
