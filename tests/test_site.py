"""Links on the documents' web site, which is built by `make docs-site`."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
import yaml

from tools.site import PAGES, ROOT, rewrite_links


@pytest.mark.parametrize(
    ("document", "link", "expected"),
    [
        ("README.md", "[a](docs/architecture.md#words)", "[a](architecture.md#words)"),
        ("README.md", "![p](docs/pictures/members.png)", "![p](pictures/members.png)"),
        ("README.md", "[t](tests/README.md), [x](#words)", "[t](tests.md), [x](#words)"),
        ("docs/architecture.md", "[t](../tests/README.md)", "[t](tests.md)"),
        ("tests/README.md", "[a](../docs/architecture.md)", "[a](architecture.md)"),
        ("README.md", "[notice](NOTICE)", "notice"),
        (
            "README.md",
            "[web](https://example.org/README.md)",
            "[web](https://example.org/README.md)",
        ),
        ("README.md", "[dead](docs/none.md)", "[dead](docs/none.md)"),
    ],
)
def test_links_follow_the_documents_to_their_pages(document: str, link: str, expected: str) -> None:
    """A dead link stays as it is: it makes `mkdocs build --strict` fail."""
    assert rewrite_links(link, PurePosixPath(document)) == expected


def test_every_page_of_the_site_has_its_document() -> None:
    """In the order of mkdocs.yml, none left out."""
    nav = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]

    def pages(entries: list[dict[str, object]]) -> list[str]:
        found: list[str] = []
        for entry in entries:
            for page in entry.values():
                found += pages(page) if isinstance(page, list) else [str(page)]
        return found

    documents = {path.name for path in (ROOT / "docs").glob("*.md")} | set(PAGES.values())
    assert sorted(documents) == sorted(pages(nav))
