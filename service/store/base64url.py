"""Bytes as text that stands in an address: base64url without padding (RFC 4648 §5), written in one way only."""

import base64


def encode(content: bytes) -> str:
    """The text of these bytes."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes of a text; raises ValueError for any that `encode` wouldn't write.

    The last letter has bits that decoders overlook, and some overlook foreign letters too: so one thing had many names.
    """
    content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if encode(content) != text:
        raise ValueError("not canonical base64url")
    return content
