"""What keeps a snapshot from being taken, in one line for the user."""


class CaptureError(Exception):
    """A process that cannot be captured, and what can be done."""


class TargetGone(CaptureError):
    """The process ended, or its inspector was closed, while we were connected."""
