"""What MkDocs does on the way.

Links that leave docs/ are text on the site, which has no sources to lead to. A bar in the code of a table is written
\\| for a code-hosting site, and MkDocs would show both signs.
"""

import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
CODE_OF_TABLE = re.compile(r"(?<=\| )`[^`\n]*`(?= \|)")
LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]+)\]\((?P<to>(?:\.\./)+[^)#]+)[^)]*\)")


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """The page as MkDocs is to read it."""
    folder = (DOCS / page.file.src_uri).parent

    def text_of(link: re.Match[str]) -> str:
        target = (folder / link["to"]).resolve()
        if target.is_relative_to(DOCS):
            return link[0]
        if not target.exists():
            raise FileNotFoundError(f"{page.file.src_uri} links to {link['to']}, which is not there")
        return link["text"]

    bare = CODE_OF_TABLE.sub(lambda code: code[0].replace(r"\|", "|"), markdown)
    return LINK.sub(text_of, bare)
