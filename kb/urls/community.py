"""Addresses of what people say here; mounted at the root by kb.urls."""

from django.urls import path

from kb.pages import moderation
from kb.pages.reviews import reply_changes, writing
from kb.pages.reviews import views as reviews

urlpatterns = [
    path("moderation/", moderation.index, name="moderation"),
    path("moderation/log/", moderation.log, name="moderation-log"),
    path("moderation/<slug:kind>/<int:pk>/", moderation.decide, name="moderation-decide"),
    path("moderation/<slug:kind>/<int:pk>/name/", moderation.name, name="moderation-name"),
    path("reviews/", reviews.index, name="reviews"),
    path("reviews/yours/", reviews.yours, name="reviews-yours"),
    path("reviews/preview", reviews.preview, name="review-preview"),
    path("reviews/<int:pk>/", reviews.detail, name="review"),
    path("reviews/<int:pk>/edit/", writing.edit, name="review-edit"),
    path("reviews/<int:pk>/autosave", writing.autosave, name="review-autosave"),
    path("reviews/<int:pk>/versions/<int:first>/<int:second>/", reviews.diff, name="review-diff"),
    path("reviews/<int:pk>/helpful", reviews.helpful, name="review-helpful"),
    path("reviews/<int:pk>/answer", reviews.answer, name="review-answer"),
    path("reviews/<int:pk>/withdraw", reviews.withdraw, name="review-withdraw"),
    path("reviews/<int:pk>/restore", reviews.restore, name="review-restore"),
    path("reviews/<int:pk>/appeal", reviews.appeal, name="review-appeal"),
    path("replies/<int:pk>/edit/", reply_changes.edit, name="reply-edit"),
    path("replies/<int:pk>/versions/", reply_changes.versions, name="reply-versions"),
    path("replies/<int:pk>/withdraw", reviews.withdraw_reply, name="reply-withdraw"),
    path("replies/<int:pk>/restore", reviews.restore_reply, name="reply-restore"),
    path("papers/<slug:key>/reviews/", reviews.of_paper, name="paper-reviews"),
    path("papers/<slug:key>/reviews/new/", writing.new, name="review-new"),
    path("papers/<slug:key>/reviews/paste/", writing.paste, name="review-paste"),
    path("papers/<slug:key>/reviews/cites/", writing.offers, name="review-cites"),
    path("report/<slug:kind>/<int:pk>/", moderation.report, name="report"),
    path("appeal/<slug:kind>/<int:pk>/", moderation.appeal, name="appeal"),
]
