"""Celery's way to the verbs of `reports.builds` and `reports.papers`."""

from celery import shared_task

from reports import builds, papers


@shared_task(name="reports.make_pdf")
def make_pdf(build_pk: int) -> None:
    """Make the PDF of one build."""
    builds.run_build(build_pk)


@shared_task(name="reports.sweep_builds")
def sweep_builds() -> None:
    """Find builds and papers that lost their message or their worker (beat runs it)."""
    builds.sweep()
    papers.sweep()


@shared_task(name="reports.make_board_paper")
def make_board_paper(paper_pk: int) -> None:
    """Make the PDF of one board paper."""
    papers.run(paper_pk)
