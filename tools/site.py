"""MkDocs hooks: adds the documents outside docs/ to the site, and makes links between all of them work.

In the repository a link is relative to its file, as on any Git host. On the site the pages are
elsewhere, so links are rewritten; those to files without a page become plain text.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath
from typing import Any

ROOT = Path(__file__).parent.parent

PAGES = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "CONTRIBUTING.md",
    "PRIVACY.md": "PRIVACY.md",
    "CHANGELOG.md": "CHANGELOG.md",
    "SECURITY.md": "SECURITY.md",
    "tests/README.md": "tests.md",
}
"""Documents outside docs/ → their pages. Those in docs/ keep their names."""

_LINK = re.compile(
    r"(?P<image>!?)\[(?P<text>[^\]]*)\]\((?P<target>[^)#\s]*)(?P<anchor>#[^)\s]*)?\)"
)


def page_of(document: PurePosixPath) -> str | None:
    """Where a file of the repository is on the site; None if it is not part of it."""
    if str(document) in PAGES:
        return PAGES[str(document)]
    inside = document.parts[:1] == ("docs",) and (ROOT / document).is_file()
    return str(document.relative_to("docs")) if inside else None


def rewrite_links(markdown: str, document: PurePosixPath) -> str:
    """Make the links in `document` relative to its page on the site."""
    start = PurePosixPath(page_of(document) or "").parent

    def rewrite(link: re.Match[str]) -> str:
        target = link["target"]
        if not target or "://" in target:
            return link[0]
        linked = PurePosixPath(normpath(document.parent / target))
        page = page_of(linked)
        if page is None:
            # A dead link fails the build.
            return link["text"] if (ROOT / linked).exists() else link[0]
        return f"{link['image']}[{link['text']}]({relpath(page, start)}{link['anchor'] or ''})"

    return _LINK.sub(rewrite, markdown)


def on_files(files: Any, *, config: Any) -> Any:
    """Add the documents outside docs/."""
    from mkdocs.structure.files import File  # noqa: PLC0415 - only installed for `make docs-site`

    for document, page in PAGES.items():
        content = (ROOT / document).read_text(encoding="utf-8")
        files.append(File.generated(config, page, content=content))
    return files


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Rewrite the links of every page."""
    documents = {site: document for document, site in PAGES.items()}
    uri = page.file.src_uri
    return rewrite_links(markdown, PurePosixPath(documents.get(uri, f"docs/{uri}")))
