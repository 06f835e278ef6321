"""Compressed bytes, recognised by how they begin, become plain ones."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Literal, Protocol

from heaptui.snapshot.errors import SnapshotError

if TYPE_CHECKING:
    import zstandard

Packing = Literal["gzip", "zstd"]

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
# A frame to be skipped, with which some compressors begin; its first byte is 0x50 to 0x5f.
_ZSTD_SKIPPED = b"\x2a\x4d\x18"

# Compressed bytes taken at once, so that no bomb makes more of them than 64 MB.
_AT_ONCE: dict[Packing, int] = {"gzip": 1 << 14, "zstd": 1 << 11}


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


def packing(head: bytes) -> Packing | None:
    """How a file is compressed that begins with these four bytes; None where it is not."""
    if head[:2] == _GZIP:
        return "gzip"
    return "zstd" if head == _ZSTD or (head[1:] == _ZSTD_SKIPPED and head[0] >> 4 == 5) else None


def unpack(kind: Packing, blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Decompress all members or frames, one behind the other.

    Where the data is cut short or damaged, all before that comes first, then a SnapshotError
    that can be salvaged.
    """
    new, error_type = _zstd() if kind == "zstd" else _gzip()
    member = new()
    try:
        for block in blocks:
            for low in range(0, len(block), _AT_ONCE[kind]):
                piece = block[low : low + _AT_ONCE[kind]]
                while piece:
                    if member.eof:
                        # Tapes and pads fill up with zeros behind a gzip file.
                        piece = piece.lstrip(b"\0") if kind == "gzip" else piece
                        if not piece:
                            break
                        member = new()
                    if plain := member.decompress(piece):
                        yield plain
                    piece = member.unused_data if member.eof else b""
    except error_type as error:
        raise _damaged(kind, error) from None
    if not member.eof:
        raise _damaged(kind, None)


def _gzip() -> tuple[Callable[[], _Unpacker], type[Exception]]:
    return lambda: zlib.decompressobj(16 + zlib.MAX_WBITS), zlib.error


def _zstd() -> tuple[Callable[[], _Unpacker], type[Exception]]:
    import zstandard

    def new() -> zstandard.ZstdDecompressionObj:
        return zstandard.ZstdDecompressor().decompressobj()

    return new, zstandard.ZstdError


def _damaged(kind: Packing, error: Exception | None) -> SnapshotError:
    if error is not None and "too much memory" in str(error):
        return SnapshotError("compressed with a window of more than 128 MB; decompress it first: zstd -d --long=31")
    why = "it ends too early" if error is None else str(error).rpartition(": ")[2]
    return SnapshotError(f"damaged {kind} file ({why}): the download or the writing was cut off", salvageable=True)
