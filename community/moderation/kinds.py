"""What stands in the moderators' queue; imported when the site starts."""

from __future__ import annotations

from django.urls import reverse

from accounts.words import Words
from community.models import PublicList, Reply, Report, Review, Video, WorkshopRequest
from community.moderation import queue, reports
from community.public_lists.showing import text_for_moderators
from community.reviews import changed_replies, deciding
from community.videos.showing import words as video_words
from community.workshops import making

queue.register(
    Review,
    name="review",
    title=Words("Review"),
    summary=deciding.review_summary,
    url=deciding.review_url,
    rows=deciding.review_rows,
    texts=deciding.review_texts,
)
queue.register(
    Review,
    name="change",
    title=Words("Changed review"),
    summary=deciding.review_summary,
    url=deciding.review_url,
    rows=deciding.review_rows,
    waiting=deciding.waiting_changes,
    texts=deciding.change_texts,
    decisions=(deciding.ACCEPT, deciding.REFUSE),
    decide=deciding.decide_change,
)
queue.register(
    Review,
    name="conflict",
    title=Words("Review by an author of the paper"),
    summary=deciding.review_summary,
    url=deciding.review_url,
    rows=deciding.review_rows,
    waiting=deciding.by_authors,
    texts=deciding.review_texts,
    decisions=(deciding.KEEP_CONFLICT, deciding.HIDE_CONFLICT),
    decide=deciding.decide_conflict,
)
queue.register(
    Reply,
    name="reply",
    title=Words("Reply"),
    summary=deciding.reply_summary,
    url=deciding.reply_url,
    rows=deciding.reply_rows,
    texts=deciding.reply_texts,
)
queue.register(
    Reply,
    name="changed-reply",
    title=Words("Changed reply"),
    summary=deciding.reply_summary,
    url=deciding.reply_url,
    rows=deciding.reply_rows,
    waiting=changed_replies.waiting_changes,
    texts=changed_replies.change_texts,
    decisions=(deciding.ACCEPT, deciding.REFUSE),
    decide=changed_replies.decide_change,
)
queue.register(
    Video,
    name="video",
    title=Words("Talk or slides"),
    summary=lambda video: f"{video.title}: {video.paper or video.workshop}",
    url=lambda video: video.get_absolute_url(),
    rows=lambda: Video.objects.of_readable_papers(None).select_related(
        "paper", "workshop", "speaker"
    ),
    texts=lambda videos: {video.pk: video_words(video) for video in videos},
)
queue.register(
    PublicList,
    name="list",
    title=Words("Public list"),
    summary=lambda chosen: chosen.title,
    url=lambda chosen: chosen.get_absolute_url(),
    texts=text_for_moderators,
)
queue.register(
    Report,
    name="report",
    title=Words("Report"),
    summary=reports.summary,
    url=reports.url,
    rows=reports.rows,
    waiting=reports.waiting,
    texts=reports.texts,
    decisions=(reports.KEEP, reports.HIDE),
    decide=reports.close,
)
queue.register(
    WorkshopRequest,
    name="workshop",
    title=Words("New workshop"),
    summary=making.summary,
    url=lambda request: reverse("workshop-preview", args=[request.workshop.slug]),
    rows=lambda: WorkshopRequest.objects.select_related("workshop"),
    texts=making.texts,
)
