"""Addresses of members: account, claims, lists, follows; mounted at the root by kb.urls."""

from django.urls import path

from kb.pages import following, lists
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
    path("lists/", lists.index, name="lists"),
    path("lists/make", lists.make, name="list-make"),
    path("lists/add", lists.add, name="list-add"),
    path("lists/<int:pk>/", lists.detail, name="list"),
    path("lists/<int:pk>/change", lists.change, name="list-change"),
    path("lists/<int:pk>/delete", lists.delete, name="list-delete"),
    path("lists/<int:pk>/entries/<int:entry_pk>", lists.entry, name="list-entry"),
    path("lists/<int:pk>/list.<str:suffix>", lists.export, name="list-export"),
    path("shared/<slug:key>/", lists.shared, name="shared-list"),
    path("shared/<slug:key>/list.<str:suffix>", lists.shared_export, name="shared-list-export"),
    path("papers/<slug:key>/mark", lists.mark, name="mark"),
    path("following/", following.index, name="following"),
    path("following/change", following.change, name="follow"),
    path("following/seen", following.seen, name="following-seen"),
    path("following/settings", following.settings, name="following-settings"),
    path("unsubscribe/<slug:token>/", following.unsubscribe, name="unsubscribe"),
]
