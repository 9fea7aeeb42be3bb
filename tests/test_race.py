"""A hold and a posting at the same time: never both."""

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged

from .race_case import RaceCase, Step

SCOPES = ("lot", "lot_place", "package", "untracked")


@tagged("standard", "post_install", "-at_install")
class TestRace(RaceCase):
    """The two orders, for every scope of hold."""

    # -- Goods -------------------------------------------------------------------------

    def _make(self, env):
        warehouse = env["stock.warehouse"].search([], limit=1)
        self.stock_id = warehouse.lot_stock_id.id
        self.status_id = env.ref("qms_quality.status_on_hold").id
        self.shelf_id = (
            env["stock.location"]
            .create({"name": "Race shelf", "location_id": self.stock_id})
            .id
        )

    def _make_goods(self, scope):
        """Put goods on the shelf; return a scrap order and the values of a hold.

        Nothing is reserved: a hold that frees a reservation collides with its posting
        anyway, and only the lock is to keep these two apart.
        """
        with self.transaction() as env:
            tracking = "none" if scope == "untracked" else "lot"
            product = env["product.product"].create(
                {"name": f"Race {scope}", "is_storable": True, "tracking": tracking}
            )
            self.product_ids.append(product.id)
            lot = package = None
            if tracking == "lot":
                lot = env["stock.lot"].create(
                    {"name": f"RACE-{scope}", "product_id": product.id}
                )
            if scope == "package":
                package = env["stock.package"].create({"name": "RACE"})
            shelf = env["stock.location"].browse(self.shelf_id)
            env["stock.quant"]._update_available_quantity(
                product, shelf, 10, lot_id=lot, package_id=package
            )
            scrap = env["stock.scrap"].create(
                {
                    "product_id": product.id,
                    "lot_id": lot and lot.id,
                    "package_id": package and package.id,
                    "location_id": shelf.id,
                    "scrap_qty": 4,
                }
            )
            hold = {
                "product_id": product.id,
                "lot_id": lot and lot.id,
                "package_id": package and package.id,
                "location_id": scope in ("lot_place", "untracked") and shelf.id,
                "status_id": self.status_id,
                "reason": "race",
            }
            return scrap.id, hold

    def _clean_more(self, env):
        env["stock.location"].browse(self.shelf_id).unlink()

    # -- The two users -----------------------------------------------------------------

    def _hold(self, vals):
        return Step(self, lambda env: env["qms.hold"]._place([vals]))

    def _post(self, scrap_id):
        def work(env):
            env["stock.scrap"].browse(scrap_id).do_scrap()

        return Step(self, work)

    def _read(self, scrap_id):
        """Return whether the goods left, and whether they were held."""
        with self.transaction() as env:
            scrap = env["stock.scrap"].browse(scrap_id)
            held = env["qms.hold"].search_count(
                [
                    ("product_id", "=", scrap.product_id.id),
                    ("state", "=", "open"),
                ]
            )
            quants = env["stock.quant"].search(
                [
                    ("product_id", "=", scrap.product_id.id),
                    ("location_id", "=", self.shelf_id),
                ]
            )
            return scrap.state == "done", held, sum(quants.mapped("quantity"))

    def test_hold_first(self):
        for scope in SCOPES:
            with self.subTest(scope):
                scrap_id, vals = self._make_goods(scope)
                hold, post = self._hold(vals), self._post(scrap_id)
                self._race(hold, post)
                self.assertIsNone(hold.refusal)
                done, held, left = self._read(scrap_id)
                self.assertTrue(held)
                self.assertFalse(done, "shipped although the hold came first")
                self.assertEqual(left, 10)

    def test_posting_first(self):
        for scope in SCOPES:
            with self.subTest(scope):
                scrap_id, vals = self._make_goods(scope)
                post, hold = self._post(scrap_id), self._hold(vals)
                self._race(post, hold)
                self.assertIsNone(post.refusal)
                done, held, left = self._read(scrap_id)
                self.assertTrue(held, "the hold comes after the goods left")
                self.assertTrue(done)
                self.assertEqual(left, 6)

    def test_hold_waits_for_a_posting_that_is_given_up(self):
        scrap_id, vals = self._make_goods("lot")
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["stock.scrap"].browse(scrap_id).do_scrap()
            env.flush_all()
            hold = self._hold(vals)
            self._start(hold)
            self.assertFalse(hold.ready.wait(1), "the hold passed a posting")
            cr.rollback()
        hold.finish()
        done, held, left = self._read(scrap_id)
        self.assertEqual((done, held, left), (False, 1, 10))

    def test_postings_do_not_wait_for_each_other(self):
        first_id, _vals = self._make_goods("lot")
        with self.registry.cursor() as one, self.registry.cursor() as other:
            for cr in (one, other):
                cr.execute("SET LOCAL lock_timeout = '2s'")
                env = api.Environment(cr, SUPERUSER_ID, {})
                lot = env["stock.scrap"].browse(first_id).lot_id
                product = lot.product_id
                owing = lot._qms_lock_for_posting(product, product, lot.location_id)
                self.assertFalse(owing)
