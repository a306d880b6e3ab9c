"""The forms of the blocks, as a table: which boxes stand for which fields. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.words import Words
from kb.pages.workshops.editing.inputs import Form, Input, Options, Rows
from kb.pages.workshops.sections import DATE_WORDS


def _options(words: Mapping[str, str]) -> Options:
    """What may be chosen, with the words for it."""
    return (("", "—"), *words.items())


FORMATS = _options(
    {"in person": Words("in person"), "virtual": Words("virtual"), "hybrid": Words("hybrid")}
)
ROLES = _options(
    {
        "organizer": Words("organizer"),
        "keynote": Words("keynote"),
        "invited": Words("invited speaker"),
        "panelist": Words("panelist"),
        "panel_chair": Words("panel chair"),
        "area_chair": Words("area chair"),
        "pc": Words("programme committee"),
        "reviewer": Words("reviewer"),
        "volunteer": Words("volunteer"),
        "contact": Words("contact"),
    }
)
KINDS = _options(
    {
        "keynote": Words("keynote"),
        "invited": Words("invited talk"),
        "contributed": Words("contributed"),
        "spotlight": Words("spotlight"),
        "panel": Words("panel"),
        "poster": Words("poster"),
        "session": Words("session"),
        "opening": Words("opening"),
        "closing": Words("closing"),
        "break": Words("break"),
        "lunch": Words("lunch"),
        "award": Words("award"),
        "general": Words("general"),
    }
)
DATES = (("", "—"), *DATE_WORDS.items())
FACTS = (
    Input("name", Words("Name"), is_wide=True),
    Input("acronym", Words("Acronym"), help="DyNN"),
    Input("edition", Words("Edition"), help="3rd"),
    Input("year", Words("Year"), "number"),
    Input("date", Words("Day"), "date"),
    Input("timezone", Words("Time zone"), "zone", "Europe/Vienna"),
    Input("format", Words("Format"), "select", options=FORMATS),
    Input("host_conference", Words("Host conference"), help="ICML 2027"),
    Input("location", Words("Place"), help="Vienna, Austria"),
    Input("website", Words("Own web site"), "url"),
)

FORMS = {
    "facts": Form(
        Words("What stands at the head of the page."),
        (
            *FACTS,
            Input(
                "contact",
                Words("Contact"),
                help=Words("A role or a page; an e-mail address is not shown."),
            ),
            Input(
                "status",
                Words("Status"),
                help=Words("“held” afterwards, “cancelled”; else leave it empty."),
            ),
        ),
    ),
    "overview": Form(
        Words(
            "What it is about, and the topics. Topics of the survey that the words name are shown."
        ),
        (
            Input("summary", Words("Overview"), "text", is_wide=True),
            Input(
                "topics",
                Words("Topics"),
                "lines",
                Words("One a line, in your own words."),
                is_wide=True,
            ),
        ),
        Rows(
            "links",
            Words("link"),
            (Input("label", Words("Words")), Input("url", Words("Address"), "url")),
        ),
    ),
    "dates": Form(
        Words("A date that is moved stays on the page, struck through, and followers hear of it."),
        rows=Rows(
            "important_dates",
            Words("date"),
            (
                Input("label", Words("What"), help=Words("Submission deadline")),
                Input("kind", Words("Kind"), "select", options=DATES),
                Input("date", Words("Day"), "date"),
                Input("time", Words("Time of day"), "clock", "23:59"),
                Input("zone", Words("Time zone"), "zone", "AoE, UTC, Europe/Vienna"),
                Input("note", Words("Remark")),
            ),
        ),
    ),
    "call": Form(
        Words("The same questions for every workshop, so that calls can be compared."),
        (
            Input("submission_portal", Words("Submission portal"), "url", is_wide=True),
            Input(
                "submission_rules.portal",
                Words("The portal is"),
                "select",
                options=_options(
                    {
                        "not open yet": Words("not open yet"),
                        "open": Words("open"),
                        "closed": Words("closed"),
                    }
                ),
            ),
            Input(
                "submission_rules.page_limit",
                Words("Page limit"),
                help=Words("4 pages without references"),
            ),
            Input("submission_rules.template", Words("Template")),
            Input(
                "submission_rules.anonymous", Words("Anonymous"), help=Words("yes, double blind")
            ),
            Input("submission_rules.archival", Words("Archival"), help="no"),
            Input(
                "submission_rules.dual_submission",
                Words("Work submitted or published elsewhere"),
                help=Words("welcome, if it is said"),
            ),
            Input("submission_rules.note", Words("Anything else"), "text", is_wide=True),
            Input("awards", Words("Awards"), "lines", Words("One a line."), is_wide=True),
        ),
    ),
    "news": Form(
        Words(
            "Newest first. An item with a coming day is shown from that day on; a "
            "draft is not shown."
        ),
        rows=Rows(
            "news",
            Words("item"),
            (
                Input("date", Words("Day"), "date"),
                Input("title", Words("Title")),
                Input("text", Words("Text"), "text", "Markdown.", is_wide=True),
                Input("draft", Words("Draft"), "check"),
            ),
        ),
    ),
    "people": Form(
        Words("In the order of the page. A name that the survey knows leads to its person."),
        rows=Rows(
            "people",
            Words("person"),
            (
                Input("name", Words("Name")),
                Input("role", Words("Role"), "select", options=ROLES),
                Input("affiliation", Words("Affiliation")),
                Input("url", Words("Home page"), "url"),
                Input(
                    "title", Words("Title of the talk"), help=Words("For speakers."), is_wide=True
                ),
                Input("biography", Words("Short biography"), "text", is_wide=True),
                Input("photo", Words("Photo"), "photo", Words("PNG or JPEG, at most 12 MB")),
                Input(
                    "photo_words", Words("What the photo shows"), help=Words("Ada Byron at a desk")
                ),
            ),
        ),
    ),
    "programme": Form(
        Words(
            "Times as you like: 9:00, 18.15, 6:15 pm, or 9:00 - 9:45 in the first box. "
            "Entries are put in the order of their times. What is withdrawn stays, "
            "struck through."
        ),
        rows=Rows(
            "schedule",
            Words("entry"),
            (
                Input("day", Words("Day"), "date", Words("Only where there are several.")),
                Input("start", Words("From"), "clock"),
                Input("end", Words("To"), "clock"),
                Input("kind", Words("Kind"), "select", options=KINDS),
                Input("title", Words("Title"), is_wide=True),
                Input("speaker", Words("Speakers"), help=Words("Commas between names.")),
                Input("room", Words("Room or track")),
                Input("paper", Words("Accepted paper no.")),
                Input("link", Words("Recording"), "url"),
                Input(
                    "links",
                    Words("Links"),
                    "links",
                    "Slides | https://… | slides",
                    is_wide=True,
                    hint=Words(
                        "One a line, with bars between: words | address | slides, recording, "
                        "poster, paper, code or stream | from 2027-07-20 | until 2027-12-31 | "
                        "at 1:02:30, where a recording begins. All but the address may be left out."
                    ),
                ),
                Input("abstract", Words("Abstract"), "text", is_wide=True),
                Input("withdrawn", Words("Withdrawn"), "check"),
            ),
            at_once=15,
            new=1,
        ),
    ),
    "papers": Form(
        Words("A paper that the survey holds is recognised by its title and authors."),
        rows=Rows(
            "accepted_papers",
            Words("paper"),
            (
                Input("title", Words("Title"), is_wide=True),
                Input("id", Words("Number")),
                Input(
                    "authors",
                    Words("Authors"),
                    "names",
                    Words("Semicolons or commas between."),
                    is_wide=True,
                ),
                Input(
                    "presentation",
                    Words("Shown as"),
                    "select",
                    options=_options(
                        {
                            "oral": Words("oral"),
                            "spotlight": Words("spotlight"),
                            "poster": Words("poster"),
                        }
                    ),
                ),
                Input(
                    "corresponding",
                    Words("Contact author"),
                    "names",
                    Words("One of the authors, as above."),
                ),
                Input("track", Words("Track or poster session")),
                Input("award", Words("Award")),
                Input("pdf", "PDF", "url"),
                Input("poster", Words("Poster"), "url"),
                Input("video", Words("Video"), "url"),
            ),
            at_once=15,
            new=1,
        ),
    ),
    "sponsors": Form(
        Words("Names as text: a logo alone is lost with the site that shows it."),
        rows=Rows(
            "sponsors",
            Words("sponsor"),
            (
                Input("name", Words("Name")),
                Input("tier", Words("Tier"), help="gold"),
                Input("url", Words("Address"), "url"),
                Input("logo", Words("Logo"), "logo", Words("PNG or JPEG, at most 4 MB")),
                Input(
                    "logo_words",
                    Words("What the logo shows"),
                    help=Words("The word Acme in a circle"),
                ),
            ),
        ),
    ),
    "competition": Form(
        Words("Task, rules and results of a challenge."),
        (
            Input("competition.task", Words("Task"), "text", is_wide=True),
            Input(
                "competition.phases",
                Words("Phases"),
                "phases",
                Words("Development | 2027-03-01 | 2027-05-01"),
                is_wide=True,
                hint=Words(
                    "One a line: name, first day, last day. The page marks the one that is on. "
                    "Without a “|” it is shown as the text that it is."
                ),
            ),
            Input("competition.hardware", Words("Hardware")),
            Input("competition.note", Words("Anything else"), "text", is_wide=True),
        ),
        Rows(
            "competition.results",
            Words("result"),
            (
                Input("rank", Words("Rank"), "number"),
                Input("team", Words("Team")),
                Input("members", Words("Members"), "names"),
                Input("accuracy", Words("Accuracy, %"), "decimal"),
                Input("code", Words("Code"), "url"),
            ),
        ),
    ),
    "related": Form(
        Words("Picked by hand; workshops with people or papers in common are found by the survey."),
        rows=Rows(
            "related_venues",
            Words("venue"),
            (Input("name", Words("Name")), Input("url", Words("Address"), "url")),
        ),
    ),
}
