"""The wallets that the operator has set up; without them the pages of passes have no buttons for them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

import structlog

from service.settings import Settings
from service.store.wallets.apple import AppleSigner
from service.store.wallets.google import GoogleSigner

log = structlog.get_logger("wallets")


@dataclass(frozen=True)
class Wallets:
    """What signs passes for wallets."""

    apple: AppleSigner | None
    google: GoogleSigner | None

    @classmethod
    def read(cls, settings: Settings, *, now: datetime) -> Self:
        """The wallets of the settings. One that can't be used is told in the log and left out: a certificate that
        ended in the night is no reason to shut the doors."""
        apple, google = None, None
        try:
            apple = AppleSigner.read(settings, now=now)
        except ValueError as problem:
            log.error("no Apple Wallet", problem=str(problem))  # noqa: TRY400 (a setting, not a fault of ours)
        try:
            google = GoogleSigner.read(settings)
        except ValueError as problem:
            log.error("no Google Wallet", problem=str(problem))  # noqa: TRY400
        return cls(apple, google)

    def apple_at(self, now: datetime) -> AppleSigner | None:
        """Apple's signer, if its certificates are valid at `now`."""
        try:
            if self.apple is not None:
                self.apple.check(now)
        except ValueError:
            return None
        return self.apple
