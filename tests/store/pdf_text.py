"""What a PDF says, read out of its own fonts' tables: Typst gives every picture of a letter the letters that it means."""

import io
import re

import pikepdf

_HEX = re.compile(r"<([0-9A-Fa-f]+)>")


def _letters(value: str) -> str:
    return bytes.fromhex(value).decode("utf-16-be")


def _meanings(font: pikepdf.Object) -> dict[int, str]:
    """Which letters each two-byte number stands for (ISO 32000-1, 9.10.3)."""
    found: dict[int, str] = {}
    table = font.ToUnicode.read_bytes().decode("latin-1")
    for kind, block in re.findall(r"beginbf(char|range)(.*?)endbf(?:char|range)", table, re.DOTALL):
        for line in block.strip().splitlines():
            values = _HEX.findall(line)
            if kind == "char":
                found[int(values[0], 16)] = _letters(values[1])
            elif "[" in line:
                found |= {int(values[0], 16) + step: _letters(one) for step, one in enumerate(values[2:])}
            else:
                first, last = int(values[0], 16), int(values[1], 16)
                start = int(values[2], 16)
                found |= {code: chr(start + code - first) for code in range(first, last + 1)}
    return found


def _said(stream: pikepdf.Object, resources: pikepdf.Object, page: pikepdf.Object) -> list[str]:
    pieces: list[str] = []
    meanings: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(stream):
        name = str(operator)
        if name == "Tf":
            meanings = _meanings(resources.Font[str(operands[0])])
        elif name in ("Tj", "TJ"):
            shown = operands[0] if name == "TJ" else [operands[0]]
            raw = b"".join(bytes(one) for one in shown if isinstance(one, pikepdf.String))
            codes = (int.from_bytes(raw[place : place + 2], "big") for place in range(0, len(raw), 2))
            pieces.append("".join(meanings.get(code, "") for code in codes))
        elif name == "Do":
            form = resources.XObject[str(operands[0])]
            if form.Subtype == "/Form":
                pieces += _said(form, form.get("/Resources", resources), page)
    return pieces


def texts(document: bytes) -> list[str]:
    """The text of each page, without spaces: where lines were broken makes no difference."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        return [
            re.sub(r"[\s\u200b]", "", "".join(_said(page.obj, page.obj.get("/Resources"), page.obj)))
            for page in pdf.pages
        ]
