"""Whether an error means that the storage of files does not answer: S3 is another machine."""

from __future__ import annotations

from botocore import exceptions

RETRY_SECONDS = 10
SENTENCE = "The storage of files does not answer. Try again in a moment."
_AWAY = (
    exceptions.ConnectionError,  # refused, no such host, too slow to connect
    exceptions.HTTPClientError,  # too slow to answer, cut off in the middle
)


def is_away(error: BaseException | None) -> bool:
    """Whether the error, or what it came from, is a storage that was not reached or answered 5xx.

    What it answers about a file (none, not yours) is no absence.
    """
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, _AWAY):
            return True
        if isinstance(error, exceptions.ClientError):
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            return int(status) >= 500
        error = error.__cause__ or error.__context__
    return False
