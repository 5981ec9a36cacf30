import pytest


@pytest.fixture
def gallery(settings):
    """Serve the pages of tests/config/gallery.py beside Assay's own."""
    settings.ROOT_URLCONF = "tests.config.gallery"
