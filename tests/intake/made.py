"""Files the tests make for themselves: one function a format."""

import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

LOCKED = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 512
"""the beginning of an Office file under a password: an OLE container with the encrypted package in it"""


def pdf(pages: Sequence[Sequence[str]], *, bookmarks: Sequence[tuple[str, int]] = (), locked: bool = False) -> bytes:
    """A PDF with a Chinese text layer, each line set on its own; no page has text where `pages` gives no lines."""
    objects: list[bytes] = [b"", b""]  # catalog and pages, filled in below
    font = len(objects) + 1
    objects += [
        f"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[{font + 1} 0 R]>>".encode(),
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
        + f"/DW 1000/FontDescriptor {font + 2} 0 R>>".encode(),
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120"
        b"/CapHeight 880/StemV 93>>",
    ]
    kids = []
    for lines in pages:
        shown = "".join(f"1 0 0 1 60 {780 - 20 * n} Tm <{line.encode('utf-16-be').hex()}> Tj\n" for n, line in enumerate(lines))
        stream = f"BT /F 12 Tf\n{shown}ET".encode() if lines else b"0 0 100 100 re f"
        objects.append(b"<</Length %d>>stream\n%b\nendstream" % (len(stream), stream))
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {len(objects)} 0 R/Resources<</Font<</F {font} 0 R>>>>>>".encode()
        )
        kids.append(len(objects))
    outline = b""
    if bookmarks:
        root = len(objects) + 1
        outline = b"/Outlines %d 0 R" % root
        last = root + len(bookmarks)
        objects.append(f"<</Type/Outlines/First {root + 1} 0 R/Last {last} 0 R/Count {len(bookmarks)}>>".encode())
        for n, (title, page) in enumerate(bookmarks, root + 1):
            following = f"/Next {n + 1} 0 R" if n < last else ""
            named = b"\xfe\xff" + title.encode("utf-16-be")
            objects.append(f"<</Title<{named.hex()}>/Parent {root} 0 R/Dest[{kids[page - 1]} 0 R/Fit]{following}>>".encode())
    objects[0] = b"<</Type/Catalog/Pages 2 0 R%b>>" % outline
    objects[1] = f"<</Type/Pages/Kids[{' '.join(f'{kid} 0 R' for kid in kids)}]/Count {len(kids)}>>".encode()
    trailer = b""
    if locked:
        key = "00" * 32
        objects.append(f"<</Filter/Standard/V 2/R 3/Length 128/P -4/O<{key}>/U<{key}>>>".encode())
        trailer = b"/Encrypt %d 0 R/ID[<%b><%b>]" % (len(objects), b"11" * 16, b"11" * 16)
    return _assembled(objects, trailer)


def pdf_bomb(megabytes: int) -> bytes:
    """A small PDF whose one page unfolds to so much text."""
    packer = zlib.compressobj(9)
    line = b"(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)Tj\n"
    stream = packer.compress(b"BT /F 12 Tf 10 10 Td ")
    for _ in range(megabytes):
        stream += packer.compress(line * ((1 << 20) // len(line)))
    stream += packer.compress(b"ET") + packer.flush()
    return _assembled(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[5 0 R]/Count 1>>",
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(stream), stream),
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 3 0 R>>>>>>",
        ],
        b"",
    )


def _assembled(objects: Sequence[bytes], trailer: bytes) -> bytes:
    body, places = b"%PDF-1.5\n", []
    for number, written in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, written)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + table + b"trailer<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, len(body))


def rewritten(source: Path, target: Path, member: str, content: bytes) -> Path:
    """A copy of an Office file with one member replaced or added."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != member:
                new.writestr(name, old.read(name))
        new.writestr(member, content)
    return target
