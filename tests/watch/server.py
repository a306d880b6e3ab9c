"""A server on this machine that speaks the protocols of the sources, faults included.

Its shapes are those that the sources publish, written by hand; its works are invented.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

ATOM = "http://www.w3.org/2005/Atom"


@dataclass
class Work:
    """An invented work as the server tells it."""

    title: str
    arxiv: str = ""
    doi: str = ""
    forum: str = ""
    authors: tuple[str, ...] = ("Ada Example", "Ben Test")
    abstract: str = "Networks leave early."
    updated: str = "2026-11-20T10:00:00Z"
    venue: str = ""
    year: int = 2026
    version: int = 1
    cited: int = 0
    comment: str = ""
    more: dict[str, object] = field(default_factory=dict)


class Speaker(ThreadingHTTPServer):
    """works: what it knows. fault: how its next answers fail ("busy", "half", "drip", "silent",
    "html", "empty"), after `good` good ones. asked: the queries that came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.works: list[Work] = []
        self.fault, self.good, self.page = "", 0, 2
        self.forgotten: set[str] = set()
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.released = threading.Event()
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def address(self, path: str) -> str:
        return f"http://{self.place}/{path}"

    def stop(self) -> None:
        self.released.set()
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    server: Speaker

    def log_message(self, *args: object) -> None:
        return

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        server = self.server
        server.asked.append((parts.path, query, dict(self.headers)))
        if server.fault and len(server.asked) > server.good and self._fail(server.fault):
            return
        writer = WRITERS.get(parts.path.strip("/"))
        if writer is None:
            self._send(404, b"", {})
            return
        body, headers = writer(server, query)
        if headers.get("ETag") and headers["ETag"] == self.headers.get("If-None-Match"):
            self.send_response(304)
            self.end_headers()
            return
        self._send(200, body.encode(), headers)

    def _send(self, status: int, body: bytes, headers: dict[str, str], length: int = -1) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length < 0 else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _fail(self, fault: str) -> bool:
        if fault == "busy":
            self._send(503, b"", {"Retry-After": "7200"})
        elif fault == "error":
            self._send(500, b"", {})
        elif fault == "html":
            self._send(200, b"<html>moved<br>", {})
        elif fault == "half":
            self._send(200, b"<feed xmlns=", {}, length=5000)
        elif fault == "cut":
            self._send(200, b'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{"a": [', {})
        elif fault == "silent":
            self.server.released.wait(20)
        elif fault == "drip":
            self.send_response(200)
            self.end_headers()
            while not self.server.released.is_set():
                self.wfile.write(b" ")
                time.sleep(0.02)
        else:
            return False
        return True


def _arxiv(server: Speaker, query: dict[str, str]) -> tuple[str, dict[str, str]]:
    start = int(query["start"])
    ordered = sorted(server.works, key=lambda work: work.updated, reverse=True)
    shown = [] if server.fault == "empty" else ordered[start : start + server.page]
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{work.arxiv}v{work.version}</id>"
        f"<published>{work.updated}</published><updated>{work.updated}</updated>"
        f"<title>{escape(work.title)}</title><summary>{escape(work.abstract)}</summary>"
        + "".join(f"<author><name>{escape(name)}</name></author>" for name in work.authors)
        + (f"<arxiv:doi>{work.doi}</arxiv:doi>" if work.doi else "")
        + (f"<arxiv:comment>{work.comment}</arxiv:comment>" if work.comment else "")
        + "</entry>"
        for work in shown
    )
    return (
        f'<feed xmlns="{ATOM}" xmlns:arxiv="http://arxiv.org/schemas/atom" '
        'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
        f"<opensearch:totalResults>{len(ordered)}</opensearch:totalResults>{entries}</feed>"
    ), {}


def _oai(server: Speaker, query: dict[str, str]) -> tuple[str, dict[str, str]]:
    token = query.get("resumptionToken", "")
    if token in server.forgotten:
        return _oai_frame('<error code="badResumptionToken">It expired.</error>'), {}
    start = int(token or 0)
    shown = server.works[start : start + server.page]
    if not shown:
        return _oai_frame('<error code="noRecordsMatch">None.</error>'), {}
    dublin = query.get("metadataPrefix", server.prefix if token else "") == "oai_dc"  # type: ignore[attr-defined]
    server.prefix = "oai_dc" if dublin else "arXiv"  # type: ignore[attr-defined]
    records = "".join((_dublin if dublin else _arxiv_record)(work) for work in shown)
    more = start + server.page
    after = f"<resumptionToken>{more}</resumptionToken>" if more < len(server.works) else ""
    gone = '<record><header status="deleted"><identifier>oai:x</identifier></header></record>'
    return _oai_frame(f"<ListRecords>{records}{gone}{after}</ListRecords>"), {}


def _oai_frame(inside: str) -> str:
    return (
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f"<responseDate>2026-11-29T08:00:00Z</responseDate>{inside}</OAI-PMH>"
    )


def _arxiv_record(work: Work) -> str:
    authors = "".join(
        f"<author><keyname>{name.split()[-1]}</keyname>"
        f"<forenames>{' '.join(name.split()[:-1])}</forenames></author>"
        for name in work.authors
    )
    return (
        "<record><header><identifier>oai:arXiv.org:1</identifier></header><metadata>"
        f'<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>{work.arxiv}</id>'
        f"<created>{work.updated[:10]}</created><authors>{authors}</authors>"
        f"<title>{escape(work.title)}</title><abstract>{escape(work.abstract)}</abstract>"
        "<license>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</license>"
        "</arXiv></metadata></record>"
    )


def _dublin(work: Work) -> str:
    creators = "".join(f"<dc:creator>{name}</dc:creator>" for name in work.authors)
    return (
        "<record><header><identifier>oai:there:a</identifier></header><metadata>"
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(work.title)}</dc:title>'
        f"{creators}<dc:date>{work.year}</dc:date>"
        "<dc:identifier>https://survey.example/papers/a2026a/</dc:identifier>"
        f"<dc:identifier>https://arxiv.org/abs/{work.arxiv}</dc:identifier></oai_dc:dc>"
        "</metadata></record>"
    )


def _notes(server: Speaker, query: dict[str, str]) -> tuple[str, dict[str, str]]:
    start = int(query["offset"])
    shown = server.works[start : start + int(query["limit"])]
    notes = [
        {
            "id": work.forum,
            "forum": work.forum,
            "license": "CC BY 4.0",
            "cdate": 1790000000000,
            "content": {
                "title": {"value": work.title},
                "authors": {"value": list(work.authors)},
                "abstract": {"value": work.abstract},
                "venue": {"value": work.venue},
            },
        }
        for work in shown
    ]
    return json.dumps({"notes": notes, "count": len(server.works)}), {}


def _crossref(server: Speaker, query: dict[str, str]) -> tuple[str, dict[str, str]]:
    start = 0 if query["cursor"] == "*" else int(query["cursor"])
    shown = server.works[start : start + server.page]
    items = [
        {
            "DOI": work.doi,
            "title": [work.title],
            "container-title": [work.venue],
            "issued": {"date-parts": [[work.year, 5]]},
            "author": [{"given": n.split()[0], "family": n.split()[-1]} for n in work.authors],
            "is-referenced-by-count": work.cited,
            **work.more,
        }
        for work in shown
    ]
    after = str(start + server.page)
    return json.dumps({"status": "ok", "message": {"items": items, "next-cursor": after}}), {}


def _dblp(server: Speaker, query: dict[str, str]) -> tuple[str, dict[str, str]]:
    start = int(query["f"])
    shown = server.works[start : start + server.page]
    hits = [
        {
            "info": {
                "title": f"{work.title}.",
                "authors": {
                    "author": [{"text": f"{name} 0001"} for name in work.authors]
                    if len(work.authors) > 1
                    else {"text": work.authors[0]}
                },
                "venue": work.venue,
                "year": str(work.year),
                "key": "conf/x/y",
                "doi": work.doi,
                "ee": f"https://doi.org/{work.doi}",
            }
        }
        for work in shown
    ]
    found = {"@total": str(len(server.works)), "hit": hits}
    return json.dumps({"result": {"hits": found if hits else {"@total": "0"}}}), {}


def _scholar(server: Speaker, query: dict[str, str]) -> tuple[str, dict[str, str]]:
    start = int(query.get("token") or 0)
    shown = server.works[start : start + server.page]
    data = [
        {
            "paperId": "f" * 40,
            "title": work.title,
            "abstract": work.abstract,
            "year": work.year,
            "authors": [{"name": name} for name in work.authors],
            "externalIds": {"ArXiv": work.arxiv or None, "DOI": work.doi or None},
            "citationCount": work.cited,
        }
        for work in shown
    ]
    more = start + server.page
    return json.dumps({"data": data, "token": str(more) if more < len(server.works) else None}), {}


def _rss(server: Speaker, query: dict[str, str]) -> tuple[str, dict[str, str]]:
    items = "".join(
        f"<item><title>{escape(work.title)}</title><link>https://arxiv.org/abs/{work.arxiv}</link>"
        f"<description>&lt;p&gt;{escape(work.abstract)}&lt;/p&gt;</description>"
        f"<pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate></item>"
        for work in server.works
    )
    feed = f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'
    return feed, {"ETag": f'"{len(server.works)}"'}


def _by_id(server: Speaker, query: dict[str, str]) -> tuple[str, dict[str, str]]:
    return _arxiv(server, {"start": "0"})


def _atom(server: Speaker, query: dict[str, str]) -> tuple[str, dict[str, str]]:
    return _arxiv(server, {"start": "0"})[0], {}


WRITERS: dict[str, Callable[[Speaker, dict[str, str]], tuple[str, dict[str, str]]]] = {
    "arxiv": _arxiv,
    "oai": _oai,
    "notes": _notes,
    "crossref": _crossref,
    "dblp": _dblp,
    "scholar": _scholar,
    "rss": _rss,
    "atom": _atom,
    "byid": _by_id,
    "page": lambda server, query: ("<html>here</html>", {}),
}
