"""Pictures that people send, drawn anew: turned upright, made smaller, without what is not seen.

Only the points of the picture are kept. Positions, cameras, thumbnails, comments, profiles and
whatever stands behind the end of the picture are left behind.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from django.utils.translation import gettext
from PIL import Image, ImageCms, ImageOps

MOST_PIXELS = {"PNG": 16_000_000, "JPEG": 64_000_000}
"""A JPEG is unpacked at an eighth to a half of its size where that is enough; a PNG whole."""
LARGEST_SIDE = 12_000
QUALITY = 88
_BROKEN = (OSError, SyntaxError, ValueError, KeyError, EOFError, Image.DecompressionBombError)


class NotAPicture(ValueError):
    """The message says what to send instead."""


@dataclass(frozen=True)
class Picture:
    content: bytes
    media_type: str
    width: int
    height: int

    @property
    def suffix(self) -> str:
        return self.media_type.removeprefix("image/").replace("jpeg", "jpg")


def picture(content: bytes, side: int) -> Picture:
    """The picture, drawn anew with at most `side` points along its longer side.

    Of one that moves the first frame. Raises NotAPicture.
    """
    if not content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8")):
        raise NotAPicture(
            gettext("This is neither a PNG nor a JPEG. Save the picture as one of these.")
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the check is ours
            with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as opened:
                _check(opened)
                opened.draft("RGB", (side, side))
                drawn = _drawn(opened, side)
    except NotAPicture:
        raise
    except _BROKEN as error:
        raise NotAPicture(
            gettext("The picture is damaged or cut off. Save it again, then send that.")
        ) from error
    return _packed(drawn, "JPEG" if content.startswith(b"\xff\xd8") else "PNG")


def _check(opened: Image.Image) -> None:
    most = MOST_PIXELS[opened.format or "PNG"]
    if max(opened.size) > LARGEST_SIDE or opened.width * opened.height > most:
        raise NotAPicture(
            gettext("The picture has more than {value} million points. Shrink it.").format(
                value=most // 1000000
            )
        )


def _drawn(opened: Image.Image, side: int) -> Image.Image:
    """Upright, in the colours of screens, and no larger than asked."""
    opened.load()
    try:
        upright = ImageOps.exif_transpose(opened)
    except _BROKEN:
        upright = opened  # what cannot be read says nothing of how it was held
    profile = upright.info.get("icc_profile")
    has_shape = "transparency" in upright.info or upright.mode in ("RGBA", "LA", "PA")
    plain = upright.convert("RGBA" if has_shape else "RGB")
    if profile and upright.mode in ("RGB", "RGBA"):
        plain = _in_srgb(plain, profile)
    plain.thumbnail((side, side), Image.Resampling.LANCZOS)
    return plain


def _in_srgb(drawn: Image.Image, profile: bytes) -> Image.Image:
    """Photos of phones are often in wider colours, which look pale without their profile."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(drawn, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):
        return drawn  # a profile that cannot be read says nothing
    return converted or drawn


def _packed(drawn: Image.Image, form: str) -> Picture:
    bare = Image.new(drawn.mode, drawn.size)  # nothing of `info` comes along
    bare.paste(drawn)
    out = io.BytesIO()
    if form == "JPEG":
        bare.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    else:
        bare.save(out, "PNG", optimize=True)
    return Picture(out.getvalue(), f"image/{form.lower()}", *drawn.size)
