"""The settings of the service: one frozen class, read from the environment with the prefix BIENDAO_."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SHORTEST_SECRET = 32
WALLET_SETTINGS = (
    ("apple_pass_type", "apple_team", "apple_certificate", "apple_key", "apple_intermediate"),
    ("google_wallet_issuer", "google_wallet_account"),
)
"""Settings that go together: a wallet has all of its own, or none and then no button."""


class Settings(BaseSettings):
    """What an operator may choose. Every field stands in docs/operate.md with its meaning."""

    model_config = SettingsConfigDict(env_prefix="BIENDAO_", frozen=True, extra="ignore")

    environment: Literal["development", "production"] = Field(
        "development",
        description="`production` refuses to start without `BIENDAO_SECRET_KEY` and `BIENDAO_PUBLIC_URL`.",
    )
    host: str = Field("127.0.0.1", description="The address that the service listens on.")
    port: int = Field(8000, ge=1, le=65535, description="The port that the service listens on.")
    workers: int = Field(2, ge=1, le=64, description="Worker processes of `biendao serve`.")
    public_url: str = Field("", description="The address that people use, for links; empty: http://HOST:PORT.")
    data_dir: Path | None = Field(
        None, description="Folder of the embedded database and of files; empty: see docs/operate.md, Data folder."
    )
    database_url: str = Field(
        "", description="A PostgreSQL 15 or later, `postgresql://user:password@host/name`; empty: the embedded one."
    )
    database_pool: int = Field(
        8, ge=2, le=100, description="Database connections that one worker keeps, besides four for the door."
    )
    secret_key: str = Field(
        "",
        description="At least 32 characters; encrypts keys and identity numbers. "
        "Empty in development: one is made and kept in the data folder.",
    )
    demo: bool = Field(True, description="Load the demo city into an empty database (never in production).")
    session_hours: int = Field(12, ge=1, le=720, description="How long a sign-in lasts, in hours.")
    sign_in_attempts: int = Field(
        10,
        ge=3,
        le=1000,
        description="Failed sign-ins of an account in 15 minutes before it must wait; per address ten times as many.",
    )
    body_limit: int = Field(1_048_576, ge=65_536, description="Largest request body in bytes.")
    upload_limit: int = Field(
        20_971_520, ge=1_048_576, le=209_715_200, description="Largest upload of a picture or document in bytes."
    )
    background: bool = Field(
        True, description="`biendao serve` also runs the worker (print jobs, mail); else run `biendao worker` apart."
    )
    smtp_host: str = Field("", description="The mail server; empty: mail waits in the outbox.")
    smtp_port: int = Field(25, ge=1, le=65535, description="Its port: 25 or 587, with `tls` 465.")
    smtp_security: Literal["none", "starttls", "tls"] = Field(
        "none", description="How the way to the mail server is encrypted; `none` is for one on the same machine."
    )
    smtp_user: str = Field("", description="The user at the mail server, if it wants one.")
    smtp_password: str = Field("", description="That user's password.")
    mail_from: str = Field(
        "", description="The sender of mail, such as `Trung tâm Báo chí <thebaochi@example.vn>`; goes with the server."
    )
    clock_skew_seconds: int = Field(
        120,
        ge=5,
        le=3600,
        description="How far ahead of the server a device's clock may be before its scans are `clock_skew`.",
    )
    apple_pass_type: str = Field("", description="Apple Wallet: the Pass Type ID; see docs/wallets.md.")
    apple_team: str = Field("", description="Apple Wallet: the Team ID.")
    apple_certificate: str = Field("", description="Apple Wallet: file of the Pass Type ID certificate, PEM or DER.")
    apple_key: str = Field("", description="Apple Wallet: file of the certificate's private key, PEM.")
    apple_key_password: str = Field("", description="Apple Wallet: the password of that key, if it has one.")
    apple_intermediate: str = Field("", description="Apple Wallet: file of Apple's WWDR G4 certificate, PEM or DER.")
    google_wallet_issuer: str = Field("", description="Google Wallet: the issuer ID; see docs/wallets.md.")
    google_wallet_account: str = Field("", description="Google Wallet: file of the service account's key, JSON.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least severe log line written."
    )

    @model_validator(mode="after")
    def _wallets_whole_or_absent(self) -> Self:
        for together in WALLET_SETTINGS:
            missing = [name for name in together if not getattr(self, name)]
            password_alone = self.apple_key_password and "apple_key" in missing
            if missing and (password_alone or len(missing) < len(together)):
                listed = ", ".join(f"BIENDAO_{name.upper()}" for name in together)
                lacking = ", ".join(f"BIENDAO_{name.upper()}" for name in missing)
                raise ValueError(f"{listed} go together; missing: {lacking}; see docs/wallets.md")
        return self

    @model_validator(mode="after")
    def _no_default_secrets_in_production(self) -> Self:
        if self.secret_key and len(self.secret_key) < SHORTEST_SECRET:
            raise ValueError("BIENDAO_SECRET_KEY needs at least 32 characters; `openssl rand -hex 32` makes one")
        if self.smtp_host and not self.mail_from:
            raise ValueError("BIENDAO_SMTP_HOST and BIENDAO_MAIL_FROM go together; see docs/operate.md")
        if self.environment == "production":
            missing = [f"BIENDAO_{name.upper()}" for name in ("secret_key", "public_url") if not getattr(self, name)]
            if missing:
                raise ValueError(f"production needs {' and '.join(missing)}; see docs/operate.md")
        return self

    @property
    def base_url(self) -> str:
        """The address that people use, without a slash at its end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")
