"""The settings of the service: one frozen class, read from the environment with the prefix BIENDAO_."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SHORTEST_SECRET = 32


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
    clock_skew_seconds: int = Field(
        120,
        ge=5,
        le=3600,
        description="How far ahead of the server a device's clock may be before its scans are `clock_skew`.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least severe log line written."
    )

    @model_validator(mode="after")
    def _no_default_secrets_in_production(self) -> Self:
        if self.secret_key and len(self.secret_key) < SHORTEST_SECRET:
            raise ValueError("BIENDAO_SECRET_KEY needs at least 32 characters; `openssl rand -hex 32` makes one")
        if self.environment == "production":
            missing = [f"BIENDAO_{name.upper()}" for name in ("secret_key", "public_url") if not getattr(self, name)]
            if missing:
                raise ValueError(f"production needs {' and '.join(missing)}; see docs/operate.md")
        return self

    @property
    def base_url(self) -> str:
        """The address that people use, without a slash at its end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")
