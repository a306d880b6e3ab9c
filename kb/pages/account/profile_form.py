"""The form of what a member tells of themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import URLValidator

from community.models import Profile


class ProfileForm(forms.ModelForm):
    """What a member tells of themselves."""

    homepage = forms.URLField(
        required=False,
        max_length=300,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
    )

    class Meta:
        model = Profile
        fields = ("name", "affiliation", "homepage", "orcid", "is_public")
        help_texts = {
            "name": "Stands beside what you sign, instead of your user name.",
            "orcid": "Such as 0000-0002-1825-0097. It counts as proved once you connect it.",
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})

    def clean_orcid(self) -> str:
        """Four groups of four with a check digit (ISO 7064 mod 11-2)."""
        given = self.cleaned_data["orcid"].strip().removeprefix("https://orcid.org/").upper()
        if given and not is_orcid(given):
            raise forms.ValidationError("This is not an ORCID iD: compare its digits.")
        return given


def is_orcid(text: str) -> bool:
    """Whether the check digit of an ORCID iD holds."""
    digits = text.replace("-", "")
    if (
        len(text) != 19
        or len(digits) != 16
        or not (digits[:15].isascii() and digits[:15].isdigit())
    ):
        return False
    total = 0
    for digit in digits[:15]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return digits[15] == ("X" if check == 10 else str(check))
