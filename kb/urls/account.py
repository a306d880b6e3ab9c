"""Addresses of members: account, claims, lists, follows; mounted at the root by kb.urls."""

from django.urls import path

from kb.pages import following, lists, webhooks
from kb.pages.account import claims, sessions
from kb.pages.account import views as account

urlpatterns = [
    path("account/", account.index, name="account"),
    path("account/profile", account.profile, name="account-profile"),
    path("account/tokens/", account.tokens, name="tokens"),
    path("account/tokens/new/", account.new_token, name="token-new"),
    path("account/tokens/<slug:prefix>/revoke", account.revoke, name="token-revoke"),
    path("accounts/sessions/", sessions.index, name="sessions"),
    path("accounts/sessions/others/end", sessions.end_others, name="sessions-end-others"),
    path("accounts/sessions/<int:pk>/end", sessions.end, name="session-end"),
    path("account/export/", account.export, name="account-export"),
    path("account/close/", account.close, name="account-close"),
    path("members/<str:name>/", account.member, name="member"),
    path("people/<slug:slug>/claim/", claims.claim, name="claim"),
    path("claims/", claims.index, name="claims"),
    path("claims/<int:pk>/decide", claims.decide, name="claim-decide"),
    path("claims/<int:pk>/withdraw", claims.withdraw, name="claim-withdraw"),
    path("papers/<slug:key>/mark", lists.mark, name="mark"),
    path("following/", following.index, name="following"),
    path("following/change", following.change, name="follow"),
    path("following/seen", following.seen, name="following-seen"),
    path("following/settings", following.settings, name="following-settings"),
    path("following/webhooks/", webhooks.index, name="webhooks"),
    path("following/webhooks/<int:pk>/", webhooks.detail, name="webhook"),
    path("following/webhooks/<int:pk>/change", webhooks.change, name="webhook-change"),
    path(
        "following/webhooks/<int:pk>/deliveries/<int:delivery>/again",
        webhooks.again,
        name="webhook-again",
    ),
    path("unsubscribe/<slug:token>/", following.unsubscribe, name="unsubscribe"),
]
