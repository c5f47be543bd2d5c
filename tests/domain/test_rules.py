"""Rule sets: the packaged one is whole and sourced, and what is wrong with a document is told by place."""

import copy
from typing import Any

import pytest

from service.domain.accreditation import MediaRole, OutletKind, read_rules
from service.domain.accreditation.answers import ASKED, FILE, both_orders, changed, passport_line, read_answer
from service.domain.accreditation.packaged import packaged_rules
from service.domain.errors import Invalid

RULES = read_rules(packaged_rules())


def test_the_packaged_rules_have_the_classes_of_the_field() -> None:
    codes = [one.code for one in RULES.classes]
    assert codes == ["domestic", "resident_foreign", "visiting_foreign", "technician", "official_media", "one_day"]
    # Decree 88/2012: an answer in 5 working days for residents, a dossier 10 working days ahead for visitors.
    assert (RULES.of("resident_foreign").days, RULES.of("visiting_foreign").days) == (5, 10)


def test_every_source_is_used_or_says_what_it_is_for() -> None:
    used = {basis.source for one in RULES.classes for basis in one.legal}
    assert used <= RULES.sources.keys()
    assert all(len(source.said) > 20 for source in RULES.sources.values())


def test_what_is_asked_is_seen_by_somebody_and_what_is_seen_is_asked() -> None:
    for one in RULES.classes:
        seen = {field for authority in one.authorities for field in authority.sees}
        asked = {field.code for field in one.asks} | {FILE + evidence.kind for evidence in one.evidence}
        # Collect no more than a decision needs: a portrait is for the badge, the rest for whoever decides.
        assert asked - seen <= {"file:portrait"}, one.code


def test_nobody_but_security_and_ministry_sees_an_identity() -> None:
    for one in RULES.classes:
        for authority in one.authorities:
            sees = {"identity_number", "file:passport", "file:identity_card"}.intersection(authority.sees)
            assert not sees or authority.code in ("security", "foreign_ministry")


def test_quotas_are_those_of_the_kind_of_outlet() -> None:
    quota = RULES.of("domestic").quota
    assert (quota.limit(OutletKind.PRINT), quota.limit(OutletKind.MAGAZINE)) == (4, 1)
    assert quota.per_role == {MediaRole.WRITER: 2, MediaRole.PHOTOGRAPHER: 2}


def spoiled(path: list[Any], value: Any) -> dict[str, Any]:
    body = copy.deepcopy(packaged_rules())
    place: Any = body
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    return body


@pytest.mark.parametrize(
    ("path", "value", "pointer"),
    [
        (["classes"], [], "/classes"),
        (["classes", 0, "code"], "Ngoài", "/classes/0/code"),
        (["classes", 0, "stages", 0, "authorities", 0, "sees"], ["religion"], "/classes/0/stages/0/authorities/0"),
        (["classes", 0, "stages", 0, "quorum"], 3, "/classes/0/stages/0"),
        (["classes", 0, "stages", 0, "authorities", 0, "days"], 0, "/classes/0/stages/0/authorities/0/days"),
        (["classes", 0, "asks"], [{"code": "ethnicity"}], "/classes/0/asks/0"),
        (["classes", 0, "colour"], "red", "/classes/0/colour"),
        (["format"], 2, "/format"),
    ],
)
def test_a_fault_is_pointed_at(path: list[Any], value: Any, pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_rules(spoiled(path, value))
    assert (refused.value.code, refused.value.errors[0].pointer) == ("rules_invalid", pointer)


@pytest.mark.parametrize("body", [None, [], "x", {}, {"classes": {}}])
def test_what_is_no_document_is_refused(body: Any) -> None:
    with pytest.raises(Invalid):
        read_rules(body)


@pytest.mark.parametrize(
    ("code", "typed", "kept"),
    [
        ("birth_year", " 1987 ", 1987),
        ("nationality", "vn", "VN"),
        ("identity_number", "c 12-345 678", "C12345678"),
        ("arrives_on", "2026-12-01", "2026-12-01"),
        ("days_wanted", ["2026-12-02", "2026-12-01", "2026-12-01"], ["2026-12-01", "2026-12-02"]),
        ("assignment", "Viết bài \r\n  về biển ", "Viết bài\nvề biển"),
        ("pen_name", "", None),
        ("days_wanted", [], None),
    ],
)
def test_an_answer_is_kept_as_it_is_compared(code: str, typed: Any, kept: Any) -> None:
    assert read_answer(ASKED[code], typed) == kept


@pytest.mark.parametrize(
    ("code", "typed", "fault"),
    [
        ("birth_year", "87", "not_a_year"),
        ("birth_year", "١٩٨٧", "not_a_year"),
        ("nationality", "Việt Nam", "not_a_country"),
        ("identity_number", "123", "not_an_identity"),
        ("arrives_on", "1/12/2026", "not_a_day"),
        ("days_wanted", ["2026-13-01"], "not_a_day"),
        ("pen_name", "x" * 101, "too_long"),
        ("assignment", "a\u202eb", "unreadable"),
    ],
)
def test_a_wrong_answer_says_what_is_wrong(code: str, typed: Any, fault: str) -> None:
    with pytest.raises(ValueError, match=f"^{fault}$"):
        read_answer(ASKED[code], typed)


def test_a_passport_line_has_no_accents_and_is_read_in_both_orders() -> None:
    line = passport_line("Nguyễn", "Thị Đặng Ánh")
    assert line == "NGUYEN<<THI<DANG<ANH"
    assert both_orders(line) == ("NGUYEN THI DANG ANH", "THI DANG ANH NGUYEN")
    assert both_orders(passport_line("O'Neill-Łukasz", "Jean Marie")) == (
        "O NEILL LUKASZ JEAN MARIE",
        "JEAN MARIE O NEILL LUKASZ",
    )
    assert both_orders("SUKARNO") == ("SUKARNO", "SUKARNO")


def test_what_changed_is_told_by_field() -> None:
    before = {"equipment": "Sony A7", "vehicle": None, "zones_wanted": ["A"]}
    assert changed(before, {"equipment": "Sony A7", "zones_wanted": ["A"]}) == frozenset()
    assert changed(before, {"equipment": "", "zones_wanted": ["A", "B"]}) == {"equipment", "zones_wanted"}
