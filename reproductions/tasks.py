"""Background work: performing runs on the `reproductions` queue, and looking after them."""

from celery import shared_task

from reproductions.runs import again, perform, recovery


@shared_task
def perform_run(run: int) -> None:
    """Perform a waiting run; nothing happens if somebody has it already or it is gone."""
    perform.perform(run)


@shared_task
def sweep_runs() -> None:
    """Find what a dead worker left behind, and tell the queue again of forgotten runs."""
    recovery.sweep()


@shared_task
def run_again() -> None:
    """Start a cheap program that has not run for long."""
    again.run_oldest()
