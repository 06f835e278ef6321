"""What is wrong with a file, in one line for the user."""

KILLED = "the process was probably killed while writing it, or the disk was full"

EMPTY = (
    "the file is empty: the disk was full when it was written (df -h), or the process was killed before the first "
    "byte, by the out-of-memory killer or its cgroup's limit (dmesg; kubectl describe pod). Taking a snapshot needs "
    "several times the heap in memory, sixteen times where objects are small: give disk and limit more room, and take "
    "another"
)
NOTHING_CAME = "nothing came from standard input: the command that should write the snapshot there failed"


class SnapshotError(Exception):
    """A file that cannot be read as a heap snapshot.

    Attributes:
        what: what is wrong, and what it probably means.
        section: the top-level key concerned, or None.
        byte: position in the (decompressed) file, or None.
        path: the file, once known.
        salvageable: whether a part of the file can be opened all the same.
    """

    def __init__(
        self,
        what: str,
        *,
        section: str | None = None,
        byte: int | None = None,
        path: str | None = None,
        salvageable: bool = False,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.section = section
        self.byte = byte
        self.path = path
        self.salvageable = salvageable

    def __str__(self) -> str:
        place = []
        if self.section is not None:
            place.append(f"section `{self.section}`")
        if self.byte is not None:
            place.append(f"byte {self.byte:,}")
        where = f" ({', '.join(place)})" if place else ""
        return f"{self.path}: {self.what}{where}" if self.path else f"{self.what}{where}"


class ShortOfMemory(SnapshotError):
    """There is, or was, not enough memory to open a file.

    Attributes:
        light: what light mode would need, in words; empty where that is too much too, or was tried.
        short: what is needed and what is free, in few words.
    """

    light = ""
    short = ""


def cut_short(section: str | None, byte: int) -> SnapshotError:
    """The error for a file that ends too early."""
    inside = f"inside `{section}`" if section else "too early"
    return SnapshotError(
        f"the file ends {inside}: {KILLED}",
        section=section,
        byte=byte,
        salvageable=section not in (None, "snapshot"),
    )
