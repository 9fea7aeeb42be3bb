"""Settings of pytest for the addons' tests and for ``tests/``."""

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

PDF_TAG = "qms_pdf"
WITHOUT_PDF = "needs wkhtmltopdf, of which this release of Debian has no package"

# max_examples: of one round of tests/timecap.py, which ends the search in time.
# Rounds have fixed seeds, so nothing need be remembered.
settings.register_profile(
    "local",
    database=None,
    deadline=None,
    max_examples=10,
    suppress_health_check=list(HealthCheck),
)
settings.register_profile("ci", settings.get_profile("local"))
settings.register_profile("long", settings.get_profile("local"))
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "local")
)


def pytest_collection_modifyitems(items):
    """Skip what is tagged as needing wkhtmltopdf where there is none."""
    if shutil.which("wkhtmltopdf"):
        return
    for item in items:
        tagged = PDF_TAG in getattr(item.cls, "test_tags", ())
        if tagged or item.get_closest_marker(PDF_TAG):
            item.add_marker(pytest.mark.skip(reason=WITHOUT_PDF))
