"""What hangs on some of the summit's applications: files, an appeal, a standing accreditation, a focal point."""

from datetime import datetime, timedelta

from service.demo import people, pictures
from service.demo.courses import PLAN, SETTLED
from service.demo.lives import Life
from service.demo.stage import Stage
from service.domain.accounts import Role
from service.domain.accreditation import (
    Appeal,
    ApplicationState,
    Evidence,
    EvidenceKind,
    StandingAccreditation,
)
from service.domain.files import FilePurpose
from service.store import files

WITH_FILES = frozenset({0, *range(SETTLED, SETTLED + 10), people.FOCAL_NUMBER})
"""The applications that hold files: the first one, the oldest that wait for somebody, and the focal point's."""
_CARDS = frozenset({EvidenceKind.PRESS_CARD, EvidenceKind.IDENTITY_CARD, EvidenceKind.LICENCE})
_NAMES = {
    EvidenceKind.PORTRAIT: "anh-chan-dung.jpg",
    EvidenceKind.PRESS_CARD: "the-nha-bao.jpg",
    EvidenceKind.PASSPORT: "passport.jpg",
    EvidenceKind.IDENTITY_CARD: "can-cuoc.jpg",
    EvidenceKind.ASSIGNMENT_LETTER: "giay-gioi-thieu.jpg",
    EvidenceKind.WORK_SAMPLES: "bai-da-dang.jpg",
    EvidenceKind.EQUIPMENT_LIST: "danh-muc-thiet-bi.jpg",
    EvidenceKind.LICENCE: "giay-phep.jpg",
}


async def add_further(stage: Stage, everyone: list[Life]) -> None:
    """All that only some applications have."""
    for number in sorted(WITH_FILES):
        life = everyone[number]
        await add_files(stage, life, number, life.application.created_at)
    await _appeal(stage, everyone)
    at = stage.at(stage.day(-20), 9)
    stage.session.add(people.focal_point(everyone[people.FOCAL_NUMBER].journalist, stage.staff[Role.ORGANISER], at))
    await _standing(stage, everyone[0], at)


async def add_files(stage: Stage, life: Life, number: int, at: datetime) -> None:
    """All files that the class asks of this journalist, drawn by us; of papers nothing can be read."""
    for rule in life.rule.evidence_of(life.application.media_role):
        content = _drawn(rule.kind, number)
        kept = await files.add_file(
            stage.session,
            purpose=FilePurpose.EVIDENCE,
            media_type="image/jpeg",
            content=content,
            vault=stage.vault,
            now=at,
        )
        stage.session.add(
            Evidence(
                application_id=life.application.id,
                kind=rule.kind,
                file_id=kept.id,
                media_type="image/jpeg",
                name=_NAMES[rule.kind],
                size=len(content),
                added_at=at,
            )
        )
    await stage.session.flush()


def _drawn(kind: EvidenceKind, number: int) -> bytes:
    if kind is EvidenceKind.PORTRAIT:
        return pictures.portrait(number)
    return pictures.paper(number, card=kind in _CARDS)


async def _appeal(stage: Stage, everyone: list[Life]) -> None:
    """Against the newest refusal, not answered yet."""
    rejected = [life for number, life in enumerate(everyone) if PLAN[number] is ApplicationState.REJECTED]
    newest = max(rejected, key=lambda life: life.decisions[-1].decided_at)
    stage.session.add(
        Appeal(
            application_id=newest.application.id,
            decision_id=newest.decisions[-1].id,
            wording="Tôi thực hiện chuyên mục hằng ngày về biển, đảo, đề nghị Ban tổ chức xem xét lại hồ sơ.",
            filed_at=min(newest.decisions[-1].decided_at + timedelta(days=1), stage.now),
        )
    )
    await stage.session.flush()


async def _standing(stage: Stage, life: Life, at: datetime) -> None:
    """The demo's journalist has one for a year, and so confirms further events in one step."""
    stage.session.add(
        StandingAccreditation(
            journalist_id=life.journalist.id,
            organisation_id=stage.organisations["press"],
            class_code="domestic",
            valid_from=stage.day(-20),
            valid_until=stage.day(345),
            ground="Phóng viên theo dõi thường xuyên các sự kiện về biển, đảo.",
            given_by_id=stage.staff[Role.REVIEWER],
            given_at=at,
        )
    )
    await stage.session.flush()
