"""Addresses of reading lists: public ones by name, one's own by number; mounted at the root."""

from django.urls import path

from kb.pages import lists
from kb.pages.public_lists import editing, importing, keeping, log, views

urlpatterns = [
    path("lists/", views.index, name="public-lists"),
    path("lists/yours/", lists.index, name="lists"),
    path("lists/make", lists.make, name="list-make"),
    path("lists/add", lists.add, name="list-add"),
    path("lists/<int:pk>/", lists.detail, name="list"),
    path("lists/<int:pk>/change", lists.change, name="list-change"),
    path("lists/<int:pk>/delete", lists.delete, name="list-delete"),
    path("lists/<int:pk>/entries/<int:entry_pk>", lists.entry, name="list-entry"),
    path("lists/<int:pk>/list.<str:suffix>", lists.export, name="list-export"),
    path("shared/<slug:key>/", lists.shared, name="shared-list"),
    path("shared/<slug:key>/list.<str:suffix>", lists.shared_export, name="shared-list-export"),
    path("lists/new/", keeping.new, name="public-list-new"),
    path("lists/import/", importing.index, name="list-import"),
    path("lists/import/<int:pk>/", importing.preview, name="list-import-preview"),
    path("lists/import/<int:pk>/apply", importing.apply, name="list-import-apply"),
    path("lists/invitations/<slug:token>/", keeping.invitation, name="list-invitation"),
    path("lists/<slug:slug>/", views.detail, name="public-list"),
    path("lists/<slug:slug>.<str:suffix>", views.export, name="public-list-export"),
    path("lists/<slug:slug>/edit/", editing.index, name="public-list-edit"),
    path("lists/<slug:slug>/settings/", keeping.settings, name="public-list-settings"),
    path("lists/<slug:slug>/state", keeping.state, name="public-list-state"),
    path("lists/<slug:slug>/keepers/", keeping.keepers, name="public-list-keepers"),
    path("lists/<slug:slug>/sections/new/", editing.new_section, name="list-section-new"),
    path("lists/<slug:slug>/sections/<int:pk>/", editing.section, name="list-section"),
    path("lists/<slug:slug>/entries/<int:pk>/", editing.entry, name="list-placement"),
    path("lists/<slug:slug>/entries/<int:pk>/import", views.bring, name="list-placement-import"),
    path("lists/<slug:slug>/suggest/", keeping.suggest, name="list-suggest"),
    path("lists/<slug:slug>/suggestions/<int:pk>/", keeping.decide, name="list-suggestion"),
    path("lists/<slug:slug>/log/", log.index, name="reading-log"),
    path("lists/<slug:slug>/log.<str:suffix>", log.export, name="reading-log-export"),
    path("lists/<slug:slug>/log/new/", log.new, name="reading-log-new"),
    path("lists/<slug:slug>/log/<int:pk>/", log.edit, name="reading-log-entry"),
    path("lists/<slug:slug>/history/", keeping.history, name="public-list-history"),
    path("lists/<slug:slug>/history/<int:pk>/undo", keeping.undo, name="list-change-undo"),
]
