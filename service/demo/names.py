"""Plainly invented names: people and outlets named after the sea."""

from random import Random

_FAMILY = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
)
_MIDDLE = ("Thị", "Văn", "Ngọc", "Hải", "Thanh", "Minh", "Kim", "Đức", "Quốc", "Mỹ", "Gia", "Bảo")
_GIVEN = (
    "Sóng", "San Hô", "Hải Âu", "Ngọc Trai", "Thủy Triều", "Đảo Xanh", "Cát Vàng", "Bình Minh Biển", "Buồm Trắng",
    "Hải Đăng", "Mây Khơi", "Sao Biển", "Vịnh Xanh", "Bến Cảng", "Neo Bạc", "Gió Khơi", "Đồi Mồi", "Muối Trắng",
)  # fmt: skip
_FOREIGN = (
    "Marina Tide", "Łukasz Morski", "Ağa Deniz", "Núria Onada", "Søren Havn", "Zoë Strand", "Émile Marée",
    "Ñandú Costa", "Şule Liman", "Jürgen Küste", "Iwona Żagiel", "Ondřej Příliv", "Óscar Bahía", "Þóra Sjór",
    "Kim Bada", "Umi Hama", "Márton Hajó", "Olga Morskaya", "Aurora Scoglio", "Kai Lagoon",
)  # fmt: skip
_OUTLETS = (
    "Báo Sóng Xanh", "Báo Hải Đăng", "Tạp chí Khơi Xa", "Đài Phát thanh Bến Cảng", "Truyền hình Cánh Buồm",
    "Báo điện tử Triều Lên", "Thông tấn Hải Âu", "Báo San Hô", "Tạp chí Đảo Nhỏ", "Báo Neo Bạc",
    "Truyền hình Vịnh Xanh",    "Báo điện tử Gió Khơi", "Tạp chí Muối Trắng", "Báo Cát Vàng", "Đài Phát thanh Sao Biển",
)  # fmt: skip
_ABROAD = (
    ("Tide Wire", "US"), ("Küstenblatt", "DE"), ("Marée Presse", "FR"), ("Bada Ilbo", "KR"), ("Umi Shimbun", "JP"),
    ("Morze Dziś", "PL"), ("Onada TV", "ES"), ("Havn Radio", "DK"), ("Lagoon Post", "SG"), ("Reef News", "AU"),
)  # fmt: skip


def person(random: Random) -> str:
    """A Vietnamese full name in its order: family, middle, given."""
    return f"{random.choice(_FAMILY)} {random.choice(_MIDDLE)} {random.choice(_GIVEN)}"


def foreigner(random: Random) -> str:
    """A name from elsewhere, with letters that fonts like to lack."""
    return random.choice(_FOREIGN)


def outlets() -> list[tuple[str, str, str]]:
    """(name, kind, country) of every outlet: sixty at home, ten abroad."""
    kinds = ("print", "online", "radio", "television", "agency", "magazine")
    places = ("", " Phía Nam", " Thành phố", " Cuối tuần")
    home = [
        (f"{name}{place}", kinds[(number + turn) % len(kinds)], "VN")
        for turn, place in enumerate(places)
        for number, name in enumerate(_OUTLETS)
    ]
    return home + [(name, kinds[number % len(kinds)], country) for number, (name, country) in enumerate(_ABROAD)]
