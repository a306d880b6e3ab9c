"""Bodies of uploads: a file above the limit is dropped while it streams, and remembered by name."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest


class CappedUpload(FileUploadHandler):
    """Stands before the usual handlers. `refused` holds the names of files that were too large."""

    def __init__(self, request: HttpRequest, largest_bytes: int) -> None:
        super().__init__(request)
        self.largest_bytes = largest_bytes
        self.refused: list[str] = []
        self._seen = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._seen += len(raw_data)
        if self._seen > self.largest_bytes:
            self.refused.append(self.file_name or "document.pdf")
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def cap_uploads(request: HttpRequest, largest_bytes: int) -> CappedUpload:
    """Watch this request's files; must be called before anything reads its body."""
    watch = CappedUpload(request, largest_bytes)
    request.upload_handlers.insert(0, watch)
    return watch
