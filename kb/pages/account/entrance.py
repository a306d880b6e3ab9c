"""The forms of sign-in, sign-up and passwords, in the site's own words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms

from accounts.words import Words

WORDS = {
    "login": Words("User name or e-mail"),
    "remember": Words("Stay signed in on this device"),
    "username": Words("User name"),
    "email": Words("E-mail"),
    "password": Words("Password"),
    "password1": Words("Password"),
    "password2": Words("Password, again"),
    "oldpassword": Words("Password now"),
}


class InOurWords:
    """Labels of ours above the fields, and no placeholders that say the same again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, shown in self.fields.items():  # type: ignore[attr-defined]
            shown.label = WORDS.get(name, shown.label)
            shown.widget.attrs.pop("placeholder", None)


class LoginForm(InOurWords, forms.LoginForm):
    pass


class SignupForm(InOurWords, forms.SignupForm):
    pass


class AddEmailForm(InOurWords, forms.AddEmailForm):
    pass


class ChangePasswordForm(InOurWords, forms.ChangePasswordForm):
    pass


class ReauthenticateForm(InOurWords, forms.ReauthenticateForm):
    pass


class ResetPasswordForm(InOurWords, forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(InOurWords, forms.ResetPasswordKeyForm):
    pass
