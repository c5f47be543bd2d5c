"""What the demo's journalists write: plausible answers to all that their class asks."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from service.demo.stage import Stage
from service.domain.accreditation import Application, ClassRule, Journalist, MediaRole, Outlet
from service.usecases.accreditation.showing import IDENTITY

_ASSIGNMENTS = (
    "Đưa tin phiên khai mạc, phỏng vấn đại biểu bên lề.",
    "Phóng sự ảnh về lễ đón và phiên toàn thể.",
    "Tường thuật các phiên thảo luận, viết bài tổng hợp.",
    "Ghi hình lễ đón, truyền tín hiệu về trường quay.",
)
_ASSIGNMENTS_EN = (
    "Cover the opening session and interview delegates.",
    "Photographs of the welcome ceremony and the plenary.",
    "Report on the sessions, with a feature afterwards.",
    "Film the ceremony and send it to the studio.",
)
_GEAR = {
    MediaRole.WRITER: "Máy tính xách tay",
    MediaRole.PHOTOGRAPHER: "2 máy ảnh, ống kính 70-200, số hiệu SX-{number:04d}",
    MediaRole.CAMERA: "Máy quay vai, chân máy, micro không dây, số hiệu MQ-{number:04d}",
    MediaRole.TECHNICIAN: "Bộ truyền dẫn di động, dây tín hiệu 100 m, số hiệu TD-{number:04d}",
}
_WITH_SIGNAL = frozenset({MediaRole.CAMERA, MediaRole.TECHNICIAN})


def answer_all(
    stage: Stage,
    application: Application,
    person: Journalist,
    outlet: Outlet,
    rule: ClassRule,
    number: int,
    on: Sequence[date],
) -> None:
    """Fills in what the class asks, for the days of the event; identity numbers are invented and sealed like others."""
    known = _answers(application, outlet, number, "en" if person.language == "en" else "vi", on)
    asked = {one.code for one in rule.asks}
    application.answers = {code: answer for code, answer in known.items() if code in asked and answer}
    if "identity_number" in asked:
        line = f"{'079' if outlet.country == 'VN' else outlet.country}000{number:06d}"
        application.identity_sealed = stage.vault.seal(line.encode(), purpose=IDENTITY)
        application.identity_hash = stage.vault.look_up(f"identity {line}")


def _answers(
    application: Application, outlet: Outlet, number: int, language: str, on: Sequence[date]
) -> dict[str, Any]:
    role = application.media_role
    wanted = [on[number % len(on)]] if application.class_code == "one_day" else on
    return {
        "pen_name": "" if number % 5 else f"Sóng {number}",
        "birth_year": 1962 + number * 7 % 40,
        "nationality": outlet.country,
        "assignment": (_ASSIGNMENTS_EN if language == "en" else _ASSIGNMENTS)[number % len(_ASSIGNMENTS)],
        "days_wanted": [one.isoformat() for one in wanted],
        "arrives_on": (on[0] - timedelta(days=1)).isoformat(),
        "equipment": _GEAR[role].format(number=number),
        "frequencies": f"{470 + number % 200}.{number % 10}00 MHz" if role in _WITH_SIGNAL else "",
        "vehicle": f"51B-{number:03d}.{number * 13 % 90 + 10}" if number % 12 == 3 else "",  # noqa: PLR2004
    }
