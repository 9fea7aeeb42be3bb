"""A hold and a posting at the same time: never both."""

from odoo import SUPERUSER_ID, api
from odoo.tests import new_test_user, tagged

from .race_case import RaceCase, Step

SCOPES = ("lot", "lot_place", "package", "untracked")
PICKINGS = "SELECT picking_id FROM stock_move WHERE product_id IN %(products)s"


class HoldRace:
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
        """Put goods on the shelf; return a document that takes 4, and a hold's values.

        :return: id, dictionary
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
            hold = {
                "product_id": product.id,
                "lot_id": lot and lot.id,
                "package_id": package and package.id,
                "location_id": scope in ("lot_place", "untracked") and shelf.id,
                "status_id": self.status_id,
                "reason": "race",
            }
            return self._make_document(env, shelf, product, lot, package).id, hold

    def _make_document(self, env, shelf, product, lot, package):
        raise NotImplementedError

    def _clean_more(self, env):
        env["stock.location"].browse(self.shelf_id).unlink()

    # -- The two users -----------------------------------------------------------------

    def _hold(self, vals):
        return Step(self, lambda env: env["qms.hold"]._place([vals]))

    def _post(self, document_id):
        raise NotImplementedError

    def _read(self, vals):
        """Return whether the goods left, and whether they were held."""
        goods = [("product_id", "=", vals["product_id"])]
        with self.transaction() as env:
            held = env["qms.hold"].search_count([*goods, ("state", "=", "open")])
            moves = env["stock.move"].search_count([*goods, ("state", "=", "done")])
            quants = env["stock.quant"].search(
                [*goods, ("location_id", "=", self.shelf_id)]
            )
            return bool(moves), held, sum(quants.mapped("quantity"))

    def test_hold_first(self):
        for scope in SCOPES:
            with self.subTest(scope):
                document_id, vals = self._make_goods(scope)
                hold, post = self._hold(vals), self._post(document_id)
                self._race(hold, post)
                self.assertIsNone(hold.refusal)
                done, held, left = self._read(vals)
                self.assertTrue(held)
                self.assertFalse(done, "shipped although the hold came first")
                self.assertEqual(left, 10)

    def test_posting_first(self):
        for scope in SCOPES:
            with self.subTest(scope):
                document_id, vals = self._make_goods(scope)
                post, hold = self._post(document_id), self._hold(vals)
                self._race(post, hold)
                self.assertIsNone(post.refusal)
                done, held, left = self._read(vals)
                self.assertTrue(held, "the hold comes after the goods left")
                self.assertTrue(done)
                self.assertEqual(left, 6)


@tagged("standard", "post_install", "-at_install")
class TestDeliveryRace(HoldRace, RaceCase):
    """A clerk validates a reserved delivery while somebody holds what it takes."""

    cleaning = (
        f"DELETE FROM mail_message WHERE model = 'stock.picking' AND res_id IN"
        f" ({PICKINGS})",
        f"DELETE FROM mail_followers WHERE res_model = 'stock.picking' AND res_id IN"
        f" ({PICKINGS})",
    )

    def _make(self, env):
        res = super()._make(env)
        self.picking_ids = []
        clerk = new_test_user(
            env,
            "race_clerk",
            groups="base.group_user,stock.group_stock_user",
            context={"no_reset_password": True},
        )
        self.clerk_id = clerk.id
        return res

    def _make_document(self, env, shelf, product, lot, package):
        customers = env.ref("stock.stock_location_customers")
        places = {"location_id": shelf.id, "location_dest_id": customers.id}
        picking = env["stock.picking"].create(
            {
                **places,
                "picking_type_id": shelf.warehouse_id.out_type_id.id,
                "move_ids": [
                    (0, 0, {**places, "product_id": product.id, "product_uom_qty": 4})
                ],
            }
        )
        self.picking_ids.append(picking.id)
        picking.action_confirm()
        picking.action_assign()
        self.assertEqual(picking.move_line_ids.lot_id, lot or picking.env["stock.lot"])
        self.assertEqual(picking.state, "assigned")
        return picking

    def _clean_more(self, env):
        env.cr.execute(
            "DELETE FROM stock_picking WHERE id IN %s", [tuple(self.picking_ids)]
        )
        clerk = env["res.users"].browse(self.clerk_id)
        partner = clerk.partner_id
        clerk.unlink()
        partner.unlink()
        return super()._clean_more(env)

    def _post(self, document_id):
        def work(env):
            pickings = env(user=self.clerk_id)["stock.picking"]
            pickings.browse(document_id).button_validate()

        return Step(self, work)


@tagged("standard", "post_install", "-at_install")
class TestRace(HoldRace, RaceCase):
    """A scrap order of goods that nothing reserved.

    A hold that frees a reservation collides with its posting anyway; here only the
    lock is to keep the two apart.
    """

    def _make_document(self, env, shelf, product, lot, package):
        return env["stock.scrap"].create(
            {
                "product_id": product.id,
                "lot_id": lot and lot.id,
                "package_id": package and package.id,
                "location_id": shelf.id,
                "scrap_qty": 4,
            }
        )

    def _post(self, document_id):
        def work(env):
            env["stock.scrap"].browse(document_id).do_scrap()

        return Step(self, work)

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
        done, held, left = self._read(vals)
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
