"""Settings of pytest for the addons' tests and for ``tests/``."""

import gc
import os
import shutil
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings

from odoo.tests.common import get_db_name
from odoo.tools import config

PDF_TAG = "qms_pdf"
# Files of few tests that take long: one that came last would keep one process alone.
LONG = ("test_install.py", "_property.py", "_simulation.py")
# tools/testing.py says by it that the database is deleted afterwards
COPY = "QMS_TEST_COPY"
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


@pytest.fixture(scope="session", autouse=True)
def own_filestore(load_registry):
    """Give each process of xdist a filestore of its own.

    pytest-odoo lets them share one. Odoo's tests collect its garbage when a class
    ends, and would delete what another process has just written.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if not worker:
        yield
        return
    shared = Path(config.filestore(get_db_name()))
    own = shared.with_name(f"{shared.name}-{worker}")
    shutil.copytree(shared, own, copy_function=os.link, dirs_exist_ok=True)
    with mock.patch.object(config, "filestore", return_value=str(own)):
        yield
    shutil.rmtree(own, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def fewer_collections(load_registry):
    """Let no collection of garbage look through all that Odoo has loaded."""
    gc.collect()
    gc.freeze()
    # a test makes very many records and keeps none of them
    gc.set_threshold(20_000, 10, 10)


@pytest.fixture(scope="session", autouse=True)
def shared_records(own_filestore):
    """Keep what all classes need in each process's database, if that is a copy."""
    if os.environ.get(COPY):
        # the addons are found once pytest-odoo has read Odoo's settings
        from odoo.addons.qms_quality.tests.common import QmsCase
        from odoo.addons.qms_quality.tests.shared import keep_shared

        keep_shared(get_db_name(), QmsCase._make_shared_in)


def pytest_collection_modifyitems(items):
    """Begin with what takes long; skip what needs wkhtmltopdf where there is none."""
    items.sort(key=lambda item: not item.path.name.endswith(LONG))
    if shutil.which("wkhtmltopdf"):
        return
    for item in items:
        tagged = PDF_TAG in getattr(item.cls, "test_tags", ())
        if tagged or item.get_closest_marker(PDF_TAG):
            item.add_marker(pytest.mark.skip(reason=WITHOUT_PDF))
