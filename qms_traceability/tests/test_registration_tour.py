from odoo.tests import HttpCase, tagged

from .common_tracked import TrackedCase


@tagged("post_install", "-at_install")
class TestRegistrationTour(TrackedCase, HttpCase):
    """The page of tracked components, on a tablet, as a worker with a scanner."""

    browser_size = "1024x768"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker.password = cls.worker.login
        cls.order = cls._order()

    def _registered(self):
        ones = self.env["qms.tracked.component"].search(
            [("production_id.product_id", "=", self.pump.id), ("state", "=", "open")]
        )
        return {
            (one.finished_lot_id.name, one.lot_id.name, one.quantity) for one in ones
        }

    def _tour(self, name):
        path = f"/odoo/action-mrp.mrp_production_action/{self.order.id}"
        self.start_tour(path, name, login=self.worker.login)

    def test_scanning(self):
        self._hold(lot=self.motors[7], reason="Cracks")
        self._tour("qms_track_scanning")
        self.assertEqual(
            self._registered(),
            {
                ("P-1", "MOT-0", 1),
                ("P-1", "OIL-0", 0.5),
                ("P-1", "OIL-1", 1.5),
                ("P-2", "MOT-1", 1),
                ("P-2", "OIL-0", 1),
                ("P-2", "OIL-2", 1),
                ("P-3", "MOT-3", 1),
                ("P-3", "OIL-0", 2),
            },
        )
        # nothing was registered twice
        log = self.env["qms.tracked.scan"].search(
            [("production_id", "=", self.order.id)]
        )
        codes = log.filtered(lambda scan: scan.outcome == "accepted").mapped("code")
        self.assertEqual(codes.count("MOT-3"), 1)
        self.assertEqual(
            set(log.filtered(lambda scan: scan.outcome == "refused").mapped("code")),
            {"NOPE", "MOT-7"},
        )

    def test_associations(self):
        for number in range(2):
            self._build(
                self.order, f"P-{number}", self.motors[number], self.oils[number]
            )
        self._tour("qms_track_associations")
        orders = self.order.production_group_id.production_ids
        done = orders.filtered(lambda one: one.state == "done")
        self.assertEqual(done.lot_producing_ids.mapped("name"), ["P-0"])
        self.assertEqual(self._consumed(done), {"MOT-4": 1, "OIL-0": 2})
        scrap = self.env["stock.scrap"].search([("production_id", "=", done.id)])
        self.assertEqual((scrap.lot_id.name, scrap.state), ("P-0", "done"))
        self.assertEqual(self._registered(), {("P-1", "MOT-2", 1), ("P-1", "OIL-1", 2)})
