"""The code of a recovery sheet: typed as people type it, and every slip found by its place."""

from __future__ import annotations

import pytest

from desktop.model.recovery_code import GROUP, NotACode, is_code, looks_like_code, new_code, read_code

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE = "B9Y9S-639YP-R909K-K269Y-PMCDQ-0TYF1-83KRE"


def test_no_two_are_alike_and_each_reads_as_itself() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(read_code(code) == code for code in codes)


@pytest.mark.parametrize(
    "typed",
    [
        CODE.lower(),
        CODE.replace("-", ""),
        CODE.replace("-", " "),
        f"  {CODE}\n",
        CODE.replace("-", " – "),
        CODE.replace("0", "O").replace("1", "l"),
        CODE.replace("1", "I").lower(),
    ],
)
def test_it_may_be_typed_in_any_way(typed: str) -> None:
    assert read_code(typed) == CODE


def test_one_wrong_sign_is_named_by_its_group() -> None:
    signs = CODE.replace("-", "")
    for at, right in enumerate(signs):
        for wrong in SIGNS.replace(right, ""):
            with pytest.raises(NotACode, match=f"^Group {at // GROUP + 1},"):
                read_code(signs[:at] + wrong + signs[at + 1 :])


def test_neighbours_exchanged_are_found() -> None:
    signs = CODE.replace("-", "")
    for at in range(len(signs) - 1):
        one, other = signs[at], signs[at + 1]
        if one != other:
            assert not is_code(signs[:at] + other + one + signs[at + 2 :])


def test_groups_exchanged_are_found() -> None:
    groups = CODE.split("-")
    for one in range(len(groups)):
        for other in range(one):
            moved = list(groups)
            moved[one], moved[other] = moved[other], moved[one]
            assert not is_code("-".join(moved)) or moved == groups


@pytest.mark.parametrize(
    "typed", ["", "short", CODE[:-1], CODE + "A", "!" * 35, "U" * 35, "x" * 10_000, "\ud800"]
)
def test_what_is_no_code_is_refused_in_words(typed: str) -> None:
    with pytest.raises(NotACode, match="recovery code has"):
        read_code(typed)
    assert not looks_like_code(typed)


def test_a_code_is_told_from_a_passphrase() -> None:
    assert is_code(CODE)
    assert not is_code("four words in a row")
