"""The site with the addresses of uploads and of the API's documents in front."""

from django.urls import include, path

from kb import urls
from kb.api import documents
from kb.api import urls as api_urls
from kb.urls import ingest

_api = ([*documents.urlpatterns, *api_urls.urlpatterns], "api")
urlpatterns = [path("api/v1/", include(_api)), *ingest.urlpatterns, *urls.urlpatterns]
handler404 = urls.handler404
handler403 = urls.handler403
