"""The licences of what an installation brings along."""

from __future__ import annotations

import pytest

from tools.licences import REVIEWED, is_allowed, licence_of, packages


def test_everything_that_operators_install_is_permissively_licensed() -> None:
    """What is unclear in the metadata has been looked at, and is listed."""
    licences = {name: REVIEWED.get(name) or licence_of(one) for name, one in packages().items()}
    assert {name: one for name, one in licences.items() if not is_allowed(one)} == {}
    assert {"discord-py", "sqlalchemy", "prometheus-client"} <= licences.keys()


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("Apache-2.0 OR GPL-3.0-only", True),
        ("BSD-3-Clause AND (MIT)", True),
        ("MIT AND GPL-3.0-only", False),
        ("GNU General Public License (GPL)", False),
        ("unknown", False),
    ],
)
def test_all_parts_must_be_allowed_and_of_alternatives_one(licence: str, allowed: bool) -> None:
    assert is_allowed(licence) is allowed
