"""/me/, /tokens/ and /claims/: one's own account."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiToken, User
from accounts.roles import NotPossible, is_moderator, role_of, signed_in
from accounts.tokens import revoke_token
from community.members.identity import claim_person, decide_claim, withdraw_claim
from community.members.profiles import person_of
from community.models import PersonClaim
from kb.api.machinery.errors import Refused
from kb.api.machinery.paging import Order
from kb.api.machinery.parameters import Parameter
from kb.api.machinery.views import SIGNED_IN, ListView, ReadView, StepView
from kb.api.paper_shapes import PersonRef
from papers.models import Person


class MeSerializer(serializers.Serializer):
    """Who you are here, and how far the token or session that asks reaches."""

    username = serializers.CharField()
    role = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField(), allow_null=True)
    person = PersonRef(allow_null=True)


class Me(ReadView):
    """Your account. `scopes` is null for a session: it can do all that the role can."""

    permission_classes = SIGNED_IN  # type: ignore[assignment]
    serializer_class = MeSerializer

    def get(self, request: Request) -> Response:
        limited: Any = request.user
        scopes = limited.token_scopes
        row = {
            "username": request.user.get_username(),
            "role": role_of(request.user),
            "scopes": None if scopes is None else sorted(scopes),
            "person": person_of(signed_in(request.user)),
        }
        return Response(self.serialized(row, many=False))


class TokenSerializer(serializers.ModelSerializer[ApiToken]):
    """A token without its secret, which is told once, when it is made on the account page."""

    class Meta:
        model = ApiToken
        fields = (
            "prefix",
            "name",
            "scopes",
            "made_at",
            "expires_at",
            "last_used_at",
            "revoked_at",
            "is_valid",
        )


class TokenList(ListView):
    """Your tokens, newest first. They are made on the account page only, never by a token."""

    permission_classes = SIGNED_IN  # type: ignore[assignment]
    serializer_class = TokenSerializer
    order = Order("-made", ("-made_at", "-pk"))

    def rows(self) -> QuerySet[ApiToken]:
        return ApiToken.objects.visible_to(self.request.user)


class TokenDetail(ReadView):
    """One of your tokens. DELETE revokes it; a token may revoke itself."""

    http_method_names = ["get", "head", "options", "delete"]
    permission_classes = SIGNED_IN  # type: ignore[assignment]
    serializer_class = TokenSerializer
    needs_match = False

    def _token(self, request: Request, prefix: str) -> ApiToken:
        token = ApiToken.objects.visible_to(request.user).filter(prefix=prefix).first()
        if token is None:
            raise Http404("You have no token with this prefix.")
        return token

    def get(self, request: Request, prefix: str) -> Response:
        return Response(self.serialized(self._token(request, prefix), many=False))

    def delete(self, request: Request, prefix: str) -> Response:
        """Revoke the token; revoked again, nothing changes."""
        revoke_token(self._token(request, prefix), by=signed_in(request.user))
        return Response(status=status.HTTP_204_NO_CONTENT)


class ClaimSerializer(serializers.ModelSerializer[PersonClaim]):
    """ "This person is me": who says so, and what was decided."""

    member = serializers.CharField(source="user.username")
    person = PersonRef()

    class Meta:
        model = PersonClaim
        fields = (
            "id",
            "member",
            "person",
            "statement",
            "state",
            "made_at",
            "decided_at",
            "by_orcid",
            "reason",
        )


class NewClaim(serializers.Serializer):
    """Whom you claim to be."""

    person = serializers.SlugField(max_length=140, help_text="Slug of the person.")
    statement = serializers.CharField(max_length=2000, allow_blank=True, default="")


class Decision(serializers.Serializer):
    """What a moderator decided."""

    confirm = serializers.BooleanField()
    reason = serializers.CharField(max_length=2000, allow_blank=True, default="")


def claims_of(user: User) -> QuerySet[PersonClaim]:
    """One's own claims; for moderators also those that wait."""
    waiting = Q(state=PersonClaim.State.OPEN) if is_moderator(user) else Q()
    seen = PersonClaim.objects.select_related("user", "person")
    return seen.filter(waiting | Q(user=user)) if waiting else seen.filter(user=user)


class ClaimList(ListView):
    """Your claims; moderators see all that wait. POST makes one."""

    http_method_names = ["get", "head", "options", "post"]
    permission_classes = SIGNED_IN  # type: ignore[assignment]
    serializer_class = ClaimSerializer
    order = Order("made", ("made_at", "pk"))
    parameters: ClassVar = (
        Parameter("state", "Only claims in this state.", choices=tuple(PersonClaim.State.values)),
    )

    def rows(self) -> QuerySet[PersonClaim]:
        claims = claims_of(signed_in(self.request.user))
        return claims.filter(
            **{name: self.given[name] for name in ("state",) if name in self.given}
        )

    @extend_schema(request=NewClaim, responses={201: ClaimSerializer})
    def post(self, request: Request) -> Response:
        """Claim a person. Confirmed at once if your connected ORCID iD is theirs."""
        wanted = NewClaim(data=request.data)
        wanted.is_valid(raise_exception=True)
        person = (
            Person.objects.visible_to(request.user)
            .filter(slug=wanted.validated_data["person"])
            .first()
        )
        if person is None:
            raise serializers.ValidationError({"person": "There is no such person."})
        try:
            made = claim_person(
                person, by=signed_in(request.user), statement=wanted.validated_data["statement"]
            )
        except NotPossible as error:
            raise Refused(str(error)) from error
        return self.made(made, "claim", made.pk)


class ClaimDetail(ReadView):
    """One claim. DELETE withdraws your own."""

    http_method_names = ["get", "head", "options", "delete"]
    permission_classes = SIGNED_IN  # type: ignore[assignment]
    serializer_class = ClaimSerializer
    needs_match = False

    def get(self, request: Request, pk: int) -> Response:
        return Response(self.serialized(claim_at(request, pk), many=False))

    def delete(self, request: Request, pk: int) -> Response:
        """Withdraw your claim."""
        try:
            withdraw_claim(claim_at(request, pk), by=signed_in(request.user))
        except NotPossible as error:
            raise Refused(str(error)) from error
        return Response(status=status.HTTP_204_NO_CONTENT)


class ClaimDecision(StepView):
    """Confirms or declines a claim that waits; for moderators."""

    serializer_class = ClaimSerializer
    scope = "moderate"

    @extend_schema(request=Decision, responses={200: ClaimSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Decide. Whoever comes second gets 409 and is told what was decided."""
        if not is_moderator(request.user):
            raise exceptions.PermissionDenied("Only moderators decide about claims.")
        decision = Decision(data=request.data)
        decision.is_valid(raise_exception=True)
        claim = PersonClaim.objects.select_related("user", "person").filter(pk=pk).first()
        if claim is None:
            raise Http404(f"There is no claim {pk}.")
        try:
            decide_claim(claim, by=request.user, **decision.validated_data)
        except NotPossible as error:
            raise Refused(str(error)) from error
        return Response(self.serialized(claim, many=False))


def claim_at(request: Request, pk: int) -> PersonClaim:
    """The claim, if this reader may see it."""
    claim = claims_of(signed_in(request.user)).filter(pk=pk).first()
    if claim is None:
        raise Http404(f"There is no claim {pk}.")
    return claim


urlpatterns = [
    path("me/", Me.as_view(), name="me"),
    path("tokens/", TokenList.as_view(), name="tokens"),
    path("tokens/<slug:prefix>/", TokenDetail.as_view(), name="token"),
    path("claims/", ClaimList.as_view(), name="claims"),
    path("claims/<int:pk>/", ClaimDetail.as_view(), name="claim"),
    path("claims/<int:pk>/decision/", ClaimDecision.as_view(), name="claim-decision"),
]
