"""What wallets read of the operator's files: a problem is one line that names the setting."""

from pathlib import Path


def content(setting: str, path: str) -> bytes:
    """The bytes of the file that a setting names. Raises ValueError when it can't be read."""
    try:
        return Path(path).read_bytes()
    except OSError as problem:
        raise ValueError(f"{setting}: {path} can't be read: {problem.strerror}") from problem
