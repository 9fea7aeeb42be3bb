"""What all test classes need, made once for a database that is thrown away.

A warehouse and a few people take longer to make than most classes take to run. Where
nobody has kept them in the database, as in Odoo's own runner, each class makes them.
"""

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

MODULE = "__qms_tests__"


def find_shared(env):
    """Return the records that were kept in the database, by their names."""
    rows = env["ir.model.data"].search([("module", "=", MODULE)])
    return {row.name: env[row.model].browse(row.res_id) for row in rows}


def keep_shared(database, make):
    """Make the records and commit them.

    :param str database: its name; it is deleted after the tests
    :param make: takes an environment, and returns the records by their names
    """
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
        if find_shared(env):
            return
        env["ir.model.data"].create(
            [
                {
                    "module": MODULE,
                    "name": name,
                    "model": record._name,
                    "res_id": record.id,
                    "noupdate": True,
                }
                for name, record in make(env).items()
            ]
        )
