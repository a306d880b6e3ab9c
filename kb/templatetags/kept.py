"""`{% keep %}`: a part of a page that is made once while nothing public changes."""

from __future__ import annotations

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString

from kb.site.kept_parts import kept, kept_of, note_dependence

register = template.Library()


class Keep(template.Node):
    """What stands within it, for readers without an account from what is kept."""

    child_nodelists = ("inside",)

    def __init__(
        self,
        inside: NodeList,
        name: FilterExpression,
        depends_on: list[FilterExpression],
        needs: FilterExpression | None,
        made_of: FilterExpression | None,
    ) -> None:
        self.inside, self.name, self.depends_on = inside, name, depends_on
        self.needs, self.made_of = needs, made_of

    def render(self, context: Context) -> SafeString:
        request = context["request"]
        if not getattr(request, "public_state", ""):  # then nothing need be known
            return self._made(context)
        values = [str(value.resolve(context)) for value in self.depends_on]
        name = self.name.resolve(context)
        if self.made_of is None:
            note_dependence(request)
            return kept(request, name, lambda: self._made(context), *values)
        return kept(request, name, lambda: self._by_values(context, name, values), *values)

    def _made(self, context: Context) -> SafeString:
        if not self.needs:
            return self.inside.render(context)
        with context.push(**self.needs.resolve(context).values()):
            return self.inside.render(context)

    def _by_values(self, context: Context, name: str, depends_on: list[str]) -> SafeString:
        """After a change of anything: kept all the same where what it shows is as it was."""
        request, made_of = context["request"], self.made_of
        read = self.needs.resolve(context).values() if self.needs else {}
        with context.push(**read):
            values = made_of.resolve(context, ignore_failures=True) if made_of else None
            if values is None:
                note_dependence(request)
                return self.inside.render(context)

            def make() -> SafeString:
                return self.inside.render(context)

            return kept_of(request, name, make, values, *depends_on)


@register.tag
def keep(parser: Parser, token: Token) -> Keep:
    """`{% keep "name" what it depends on … [from later] [of values] %}…{% endkeep %}`.

    It depends on the data, the language and the site's address without saying so. `later` is a
    `kb.site.kept_parts.Later` in the context, whose values are read only where nothing is kept.
    `values`, which may be among those of `later`, are all that it shows of the data; where there
    are such, it is kept while they are the same, and where there are none, until anything public
    changes.
    """
    _, name, *rest = token.split_contents()
    given = {"from": "", "of": ""}
    while len(rest) > 1 and rest[-2] in given:
        *rest, word, value = rest
        given[word] = value
    inside = parser.parse(("endkeep",))
    parser.delete_first_token()
    compiled = [parser.compile_filter(word) for word in rest]
    needs, made_of = (
        parser.compile_filter(word) if word else None for word in (given["from"], given["of"])
    )
    return Keep(inside, parser.compile_filter(name), compiled, needs, made_of)
