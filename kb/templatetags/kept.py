"""`{% keep %}`: a part of a page that is made once while nothing public changes."""

from __future__ import annotations

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString

from kb.site.kept_parts import kept

register = template.Library()


class Keep(template.Node):
    """What stands within it, for readers without an account from what is kept."""

    child_nodelists = ("inside",)

    def __init__(
        self,
        inside: NodeList,
        name: FilterExpression,
        depends_on: list[FilterExpression],
        needs: str,
    ) -> None:
        self.inside, self.name, self.depends_on, self.needs = inside, name, depends_on, needs

    def render(self, context: Context) -> SafeString:
        def make() -> SafeString:
            if not self.needs:
                return self.inside.render(context)
            with context.push(**context[self.needs].values()):
                return self.inside.render(context)

        request = context["request"]
        if not getattr(request, "public_state", ""):  # then nothing need be known
            return make()
        values = [str(value.resolve(context)) for value in self.depends_on]
        return kept(request, self.name.resolve(context), make, *values)


@register.tag
def keep(parser: Parser, token: Token) -> Keep:
    """`{% keep "name" what it depends on … from later %}…{% endkeep %}`.

    It depends on the data, the language and the site's address without saying so. `later` is a
    `kb.site.kept_parts.Later` in the context, whose values are read only where nothing is kept.
    """
    _, name, *rest = token.split_contents()
    needs = ""
    if len(rest) > 1 and rest[-2] == "from":
        *rest, _, needs = rest
    inside = parser.parse(("endkeep",))
    parser.delete_first_token()
    compiled = [parser.compile_filter(word) for word in rest]
    return Keep(inside, parser.compile_filter(name), compiled, needs)
