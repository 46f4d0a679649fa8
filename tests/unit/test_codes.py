"""Codes: hard to guess, easy to type, mistakes are told at once."""

from hypothesis import given
from hypothesis import strategies as st

from survey.access import codes

CODES = st.text(codes.ALPHABET, min_size=codes.SIGNS, max_size=codes.SIGNS).map(codes._with_check)
KEY = bytes(range(32))


def test_a_code_has_eleven_random_signs_and_a_check_sign() -> None:
    minted = {codes.mint() for _ in range(200)}
    assert len(minted) == 200
    assert {len(code) for code in minted} == {12}
    assert all(codes.normalise(code) == code for code in minted)


@given(CODES)
def test_a_code_may_be_typed_in_any_case_with_or_without_separators(code: str) -> None:
    for typed in (code.lower(), codes.shown(code), f" {codes.shown(code).replace('-', ' – ')} "):
        assert codes.normalise(typed) == code


@given(CODES, st.integers(0, 11), st.sampled_from(codes.ALPHABET))
def test_one_wrong_sign_is_told_at_once(code: str, place: int, sign: str) -> None:
    mistyped = code[:place] + sign + code[place + 1 :]
    assert codes.normalise(mistyped) == (code if mistyped == code else None)


@given(CODES, st.integers(0, 10))
def test_two_neighbours_changed_about_are_told_unless_they_are_the_pair_luhn_cannot_tell(code: str, place: int) -> None:
    a, b = code[place], code[place + 1]
    swapped = code[:place] + b + a + code[place + 2 :]
    blind = {codes.ALPHABET[0], codes.ALPHABET[-1]}
    if a != b and {a, b} != blind:
        assert codes.normalise(swapped) is None


@given(st.text())
def test_whatever_is_typed_is_a_code_or_none(typed: str) -> None:
    assert codes.normalise(typed) is None or len(codes.normalise(typed) or "") == 12


def test_an_invited_person_always_gets_the_same_code_and_another_person_another() -> None:
    assert codes.for_invitee(KEY, "a") == codes.for_invitee(KEY, "a") == codes.normalise(codes.for_invitee(KEY, "a"))
    assert len({codes.for_invitee(KEY, str(n)) for n in range(500)}) == 500


def test_without_the_pepper_the_hash_of_a_code_is_another() -> None:
    code = codes.mint()
    assert codes.hashed(KEY, code) != codes.hashed(KEY[::-1], code)
    assert len(codes.hashed(KEY, code)) == 32
