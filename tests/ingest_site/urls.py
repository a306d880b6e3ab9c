"""The site with the addresses of uploads and of the API's documents in front."""

from django.urls import include, path

from kb import ingest_urls, urls
from kb.api import documents
from kb.api import urls as api_urls

_api = ([*documents.urlpatterns, *api_urls.urlpatterns], "api")
urlpatterns = [path("api/v1/", include(_api)), *ingest_urls.urlpatterns, *urls.urlpatterns]
handler404 = urls.handler404
