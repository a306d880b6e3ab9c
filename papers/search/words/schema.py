"""Fields of the lexical index, and a paper's entry as a document of it."""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Iterable
from functools import cache

from tantivy import Document, Index, Schema, SchemaBuilder

from papers.search import fields, flags
from papers.search.words import analysis, columns, entries, topic_counts
from papers.search.words.entries import Entry

PROSE = ("body", "title", "summary", "topics")
NAMES = ("authors", "venue", "title_words", "spelling")
GRAMS = ("chinese",)
EXACT = ("state", "identifier")
_TOLD_BY = (sys.modules[__name__], analysis, columns, topic_counts, entries, fields, flags)
ORDERS = {"name": "by_name", "-year": "newest_first", "year": "oldest_first"}


def schema() -> Schema:
    """All fields. `body` repeats all that is told of a paper, so that one length counts for all;
    `title_words` and `spelling` keep words as written, for completing and correcting."""
    global _last
    if _last[0] is not fields.FIELDS:  # every term of a question asks
        _last = (fields.FIELDS, _schema(fields.exact_names(), fields.column_names()))
    return _last[1]


_last: tuple[object, Schema] = (None, SchemaBuilder().build())


@cache
def _schema(exact: tuple[str, ...], counted: tuple[str, ...]) -> Schema:
    builder = SchemaBuilder()
    builder.add_integer_field("paper_id", indexed=True, fast=True)
    builder.add_unsigned_field("year", indexed=True, fast=True)
    for names, tokenizer in ((PROSE, "english"), (NAMES, "names"), (GRAMS, "grams")):
        for name in names:
            builder.add_text_field(name, tokenizer_name=tokenizer)
    builder.add_text_field("author_name", tokenizer_name="raw", index_option="basic")
    for name in (*EXACT, *exact, *counted, *ORDERS.values()):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    return builder.build()


def fingerprint() -> str:
    """Changes whenever an index written by older code would answer differently."""
    return _digest((_code(), *fields.exact_names(), *sorted(flags.known())))


def shape() -> str:
    """Changes whenever questions of this code could not be put to an index of older code."""
    code = (inspect.getsource(module) for module in (sys.modules[__name__], columns))
    return _digest((*code, *fields.exact_names(), *fields.column_names()))


@cache
def _code() -> str:
    return _digest(inspect.getsource(module) for module in _TOLD_BY)


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


def prepare(index: Index) -> Index:
    """The index with our tokenizers, which tantivy does not store."""
    for name, analyzer in analysis.TOKENIZERS.items():
        index.register_tokenizer(name, analyzer())
    return index


def document(entry: Entry) -> Document:
    """The paper as a document. Values of one field are kept apart, so no phrase spans two."""
    doc = Document()
    doc.add_integer("paper_id", entry.paper_id)
    doc.add_unsigned("year", entry.year)
    texts = (
        entry.title,
        *entry.summary,
        *entry.other_names,
        *entry.topic_names,
        *entry.authors,
        *entry.venue_names,
    )
    _add(doc, "body", (*texts, " ".join(word for text in texts for word in analysis.joined(text))))
    _add(doc, "title", (entry.title,))
    _add(doc, "summary", entry.summary)
    _add(doc, "topics", entry.topic_names)
    _add(doc, "authors", entry.authors)
    for name in entry.authors:
        doc.add_text("author_name", " ".join(analysis.name_words(name)))
    _add(doc, "venue", entry.venue_names)
    _add(doc, "title_words", (entry.title,))
    _add(doc, "spelling", texts)
    for text in entry.chinese:
        doc.add_text("chinese", analysis.indexed_grams(text))
    exact = {
        **entry.keys, "state": (entry.state,), "identifier": entry.identifiers,
        "by_name": (entry.by_name,), "newest_first": (entry.newest_first,),
        "oldest_first": (entry.oldest_first,),
    }  # fmt: skip
    for name, values in exact.items():
        for value in values:
            if value:
                doc.add_text(name, value)
    for name in fields.column_names():
        doc.add_text(name, entry.marks.get(name, columns.NO_MARK))
    return doc


def _add(doc: Document, name: str, texts: tuple[str, ...]) -> None:
    for text in texts:
        if text:
            doc.add_text(name, analysis.normal(text))
