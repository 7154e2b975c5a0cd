"""What MkDocs does on the way: links that leave docs/ are text on the site, which has no sources to lead to."""

import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]+)\]\((?P<to>(?:\.\./)+[^)#]+)[^)]*\)")


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Take the link from what lies outside of docs/; on the page of a code-hosting site it leads there."""
    folder = (DOCS / page.file.src_uri).parent

    def text_of(link: re.Match[str]) -> str:
        target = (folder / link["to"]).resolve()
        if target.is_relative_to(DOCS):
            return link[0]
        if not target.exists():
            raise FileNotFoundError(f"{page.file.src_uri} links to {link['to']}, which is not there")
        return link["text"]

    return LINK.sub(text_of, markdown)
