"""Writing XML: elements with texts, names with their namespaces, a response around them."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import HttpResponse

from papers.formats.citation import one_line


def add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """A new last child; characters that XML cannot hold are left out of its text."""
    child = SubElement(parent, tag, attributes)
    if text:
        child.text = one_line(text)
    return child


def xml_response(root: Element, media_type: str, status: int = 200) -> HttpResponse:
    """`root` as a UTF-8 document."""
    body = tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(body, content_type=f"{media_type}; charset=utf-8", status=status)
