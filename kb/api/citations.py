"""References as text, in the styles that journals ask for."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kb.api import finding
from kb.api.machinery.errors import InvalidParameters
from kb.api.machinery.parameters import Parameter, one_of
from kb.api.machinery.views import ReadView
from papers.formats.of_paper import citation_of
from papers.formats.styles import STYLES, formatted
from papers.models import Paper

STYLE = Parameter("style", f"Only these styles: {', '.join(STYLES)}.", many=True)


class ReferenceSerializer(serializers.Serializer):
    """A reference in one style."""

    style = serializers.CharField()  # type: ignore[assignment]
    name = serializers.CharField(help_text="The style's name for people.")
    text = serializers.CharField(help_text="One line, without the number that a list gives it.")


class ReferencesSerializer(serializers.Serializer):
    """A paper's references."""

    key = serializers.CharField()
    references = ReferenceSerializer(many=True)


class PaperReferences(ReadView):
    """A paper's reference as text. In every style, or in those that `style` names."""

    serializer_class = ReferencesSerializer
    parameters = (STYLE,)

    def get(self, request: Request, identifier: str) -> Response:
        styles = self.given.get("style") or list(STYLES)
        if unknown := [style for style in styles if style not in STYLES]:
            raise InvalidParameters([one_of("style", style, STYLES) for style in unknown])
        chosen = finding.paper_by(identifier, request.user)
        citation = citation_of(Paper.objects.for_cards().get(pk=chosen.pk))
        references = [
            {"style": style, "name": STYLES[style].name, "text": formatted(citation, style)}
            for style in styles
        ]
        body = {"key": chosen.key, "references": references}
        return Response(self.serialized(body, many=False))
