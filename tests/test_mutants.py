"""Every mutant can be applied to the code as it is."""

from __future__ import annotations

import pytest

from tests.mutants import MUTANTS, ROOT, TESTS, Mutant, Verdict, problem_of


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_changes_one_place_of_the_code(mutant: Mutant) -> None:
    """If that place is rewritten, so must be the mutant."""
    text = (ROOT / mutant.file).read_text(encoding="utf-8")
    assert problem_of(mutant, text) == ""
    assert text.replace(mutant.old, mutant.new) != text
    assert all((ROOT / name).is_file() for name in TESTS[mutant.file])


def test_names_of_mutants_are_unique() -> None:
    """They are chosen by name."""
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)


def test_a_mutant_that_could_not_be_tried_counts_as_a_survivor() -> None:
    assert Verdict("m", ()).survived
    assert Verdict("m", ("tests/x.py::test",), "it does not compile").survived
    assert not Verdict("m", ("tests/x.py::test",)).survived
