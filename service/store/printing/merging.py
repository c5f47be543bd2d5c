"""Several PDFs as one."""

import io
from collections.abc import Sequence

import pikepdf


def merge(documents: Sequence[bytes]) -> bytes:
    """All pages of `documents` in their order as one PDF; pictures and fonts of each are kept as they are."""
    with pikepdf.new() as whole:
        for document in documents:
            with pikepdf.open(io.BytesIO(document)) as part:
                whole.pages.extend(part.pages)
        kept = io.BytesIO()
        whole.save(kept)
    return kept.getvalue()
