"""The API and its description."""

import os

from kb.configuration.environment import BEHIND_PROXY

# Pages that had to be made for one account or network; "0/min": as many as they like.
KB_PAGE_RATE = os.environ.get("KB_PAGE_RATE", "900/min")
KB_API_RATE = os.environ.get("KB_API_RATE", "600/min")  # requests of one address
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["kb.api.machinery.parsers.CleanJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "kb.api.machinery.tokens_auth.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_THROTTLE_CLASSES": ["kb.api.machinery.throttling.AddressThrottle"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "kb.api.machinery.errors.problem_response",
    "NUM_PROXIES": 1 if BEHIND_PROXY else 0,
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_VERSION": "1",
    "ALLOWED_VERSIONS": ["1"],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Living survey of dynamic neural networks",
    "DESCRIPTION": "Papers, people, venues, workshops, topics and the timeline of the field.",
    "VERSION": "1",
    "SERVERS": [{"url": "/", "description": "This site."}],
    "LICENSE": {
        "name": "CC0 1.0 for the data; abstracts and PDFs keep the licences of their authors",
        "url": "https://creativecommons.org/publicdomain/zero/1.0/",
    },
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "kb.api.titles.with_titles",
    ],
    "ENUM_NAME_OVERRIDES": {
        "RunStateEnum": "reproductions.models.Run.State",
        "RunOriginEnum": "reproductions.models.Run.Origin",
        "ScaleEnum": "reproductions.protocol.SCALES",
        "DeviceEnum": "reproductions.protocol.DEVICES",
        "RunnerStateEnum": "reproductions.models.Runner.State",
        "HandInStateEnum": "reproductions.models.Attestation.State",
        "MarkKindEnum": "community.models.Mark.Kind",
        "FollowKindEnum": "community.models.Follow.Kind",
        "WorkshopBlockStateEnum": "papers.models.WorkshopBlock.State",
        "VideoKindEnum": "community.models.Video.Kind",
        "CorrectionKindEnum": "community.models.Correction.Kind",
        "CorrectionStateEnum": "community.models.Correction.State",
        "ContributionStateEnum": "community.models.State",
        "ReportedKindEnum": "kb.api.moderation.REPORTED",
        "DocumentLicenceEnum": "papers.models.Document.Licence",
        "ListLicenceEnum": "community.models.public_list.LICENCES",
        "WaitingStateEnum": "papers.models.WaitingWork.State",
        "FindStateEnum": "papers.models.Find.State",
        "FindDecisionEnum": "kb.api.inbox.DECISIONS",
        "ManyFindsDecisionEnum": "kb.api.inbox.DECISIONS_AT_ONCE",
        "SourceKindEnum": "papers.models.Source.Kind",
        "SourceStateEnum": "papers.models.Source.State",
    },
}
