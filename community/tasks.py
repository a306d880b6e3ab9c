"""Background work on what people say and follow. Safe to run twice."""

from celery import shared_task

from community.corrections import alarms
from community.following import digests, webhooks
from community.public_lists import taking_in
from papers.curation import workshop_blocks


@shared_task(name="community.watch_changes")
def watch_changes() -> None:
    """Raise an alarm when an account changes unusually many records."""
    alarms.watch()


@shared_task
def send_due_digests() -> None:
    """Mail to those whose day or week is over."""
    digests.send_due_digests()


@shared_task(name="community.round_of_webhooks")
def round_of_webhooks() -> None:
    """Make deliveries of what is new and send what is due."""
    webhooks.round_of_all()


@shared_task(name=webhooks.SEND)
def send_delivery(delivery: int) -> None:
    """Send one delivery of a webhook."""
    webhooks.send(delivery)


@shared_task(name="community.settle_workshops")
def settle_workshops() -> None:
    """Show and hide parts of workshops' pages when their moment has come."""
    workshop_blocks.settle_due()


@shared_task
def link_arrived_papers() -> None:
    """Tie entries of public lists to papers that came since."""
    taking_in.link_arrived()
