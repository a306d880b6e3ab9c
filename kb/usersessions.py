"""`allauth.usersessions` without its signal handlers; see `community.sessions`."""

from allauth.usersessions.apps import UserSessionsConfig


class Sessions(UserSessionsConfig):
    def ready(self) -> None:
        """Nothing: the middleware notes every session."""
