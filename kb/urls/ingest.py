"""Addresses of uploads, documents and imports; mounted at the root by kb.urls."""

from django.urls import path

from kb.pages import waiting
from kb.pages.papers import pdf_files
from kb.pages.reading import views as reading
from kb.pages.uploads import documents, imports
from kb.pages.uploads import views as uploads

urlpatterns = [
    path("upload/", uploads.upload, name="upload"),
    path("upload/file", uploads.upload_file, name="upload-file"),
    path("upload/yours", uploads.yours, name="upload-yours"),
    path("upload/<int:pk>/status", uploads.status, name="upload-status"),
    path("documents/", documents.desk, name="desk"),
    path("documents/missing/", documents.missing, name="missing-works"),
    path("documents/<int:pk>/", documents.detail, name="document"),
    path("documents/<int:pk>/file", pdf_files.document_file, name="document-file"),
    path("documents/<int:pk>/retry", documents.retry, name="document-retry"),
    path("documents/<int:pk>/licence", documents.set_licence, name="document-licence"),
    path("conflicts/<int:pk>/", documents.decide_conflict, name="conflict-decide"),
    path("suggestions/<int:pk>/", documents.decide_topic, name="suggestion-decide"),
    path("papers/<slug:key>/<slug:name>.pdf", pdf_files.paper_pdf, name="paper-pdf"),
    path("papers/<slug:key>/read/", reading.paper, name="paper-read"),
    path("papers/<slug:key>/read/<str:name>", reading.paper_part, name="paper-read-part"),
    path("documents/<int:pk>/read/", reading.document, name="document-read"),
    path("documents/<int:pk>/read/<str:name>", reading.document_part, name="document-read-part"),
    path("import/", imports.index, name="import"),
    path("import/<int:pk>/", imports.preview, name="import-preview"),
    path("import/<int:pk>/apply", imports.apply, name="import-apply"),
    path("waiting/", waiting.yours, name="waiting"),
    path("waiting/seen", waiting.seen, name="waiting-seen"),
    path("waiting/desk/", waiting.desk, name="waiting-desk"),
    path("waiting/desk/decide", waiting.decide_many, name="waiting-decide-many"),
    path("waiting/<int:pk>/", waiting.detail, name="waiting-work"),
    path("waiting/<int:pk>/decide", waiting.decide, name="waiting-decide"),
    path("waiting/<int:pk>/undo", waiting.undo, name="waiting-undo"),
    path("waiting/<int:pk>/withdraw", waiting.withdraw, name="waiting-withdraw"),
]
