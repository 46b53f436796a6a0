"""Scripts, styles and pictures for the browser: held in memory, packed once, kept by the browser until they change."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from weerwoord.web.common import HERE

PATH = "/static"
_VERSION = re.compile(r"[0-9a-f]{10}/")
_FOR_GOOD = "public, max-age=31536000, immutable"  # another version has another address


@dataclass(frozen=True)
class Asset:
    """One file.

    Attributes:
        kind: media type.
        plain: the bytes.
        packed: the same, gzipped.
        tag: changes with the bytes.
    """

    kind: str
    plain: bytes
    packed: bytes
    tag: str


def _asset(path: Path) -> Asset:
    plain = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(kind, plain, gzip.compress(plain, mtime=0), f'"{hashlib.sha256(plain).hexdigest()[:20]}"')


class Assets:
    """The files of a folder, as they are when this is made."""

    def __init__(self, folder: Path) -> None:
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        self.files = {path.relative_to(folder).as_posix(): _asset(path) for path in paths}
        names = "".join(f"{name}{asset.tag}" for name, asset in self.files.items())
        self.version = hashlib.sha256(names.encode()).hexdigest()[:10]

    @property
    def base(self) -> str:
        """Where the files of this version are; modules find each other there by their relative names."""
        return f"{PATH}/{self.version}"

    async def serve(self, request: Request) -> Response:
        """A file, with or without a version before its name.

        Raises:
            HTTPException: 404, there is no such file.
        """
        path = request.path_params["path"]
        asset = self.files.get(_VERSION.sub("", path, count=1))
        if asset is None:
            raise HTTPException(404)
        headers = {
            "ETag": asset.tag,
            "Vary": "Accept-Encoding",
            "Cache-Control": _FOR_GOOD if path.startswith(f"{self.version}/") else "no-cache",
        }
        if asset.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", "") and len(asset.packed) < len(asset.plain):
            return Response(asset.packed, media_type=asset.kind, headers={**headers, "Content-Encoding": "gzip"})
        return Response(asset.plain, media_type=asset.kind, headers=headers)


@lru_cache(maxsize=1)
def assets() -> Assets:
    """The files of this installation."""
    return Assets(HERE / "static")
