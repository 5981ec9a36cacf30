"""Celery's way to the jobs of `reports.jobs`, and to the kinds that there are of them."""

from celery import shared_task

# Imported so that they are registered in every worker.
from reports import accuracy_record, builds, due, jobs, papers, thematic_builds

__all__ = ["accuracy_record", "builds", "papers", "thematic_builds"]


@shared_task(name="reports.make")
def make(kind: str, pk: int) -> None:
    """Make one PDF: that of row `pk` of a `kind` of jobs."""
    jobs.run(kind, pk)


@shared_task(name="reports.sweep_builds")
def sweep_builds() -> None:
    """Find every PDF that lost its message or its worker (beat runs it)."""
    jobs.sweep()


@shared_task(name="reports.publish_due")
def publish_due() -> None:
    """Publish what is due by the minute that a manager chose (beat runs it)."""
    due.publish_due()
