from .common_case import NonconformanceCase
from .common_mrp import QmsMrpCase


class ContaminationCase(NonconformanceCase, QmsMrpCase):
    """A dressing is made of an ingredient, and its microbiology fails.

    Lot ``ING-01`` (100 kg) of the ingredient came from ``cls.partner`` without a test;
    30 kg of it went into lot ``SD-2026-0315``, 60 cases of dressing. Dispositions are
    approved as the delivered rules say. Everybody's password is his login.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # failed tries to sign are counted on a cursor of their own
        if not cls._registry_patched:
            cls.registry_enter_test_mode_cls()
        cls.env["qms.approval.rule"].search([]).active = False
        cls.env["qms.signature.rule"].search([]).active = False
        cls.env["qms.starting.point"]._switch_on("dispositions")
        cls.people = cls.inspector | cls.manager | cls.plant | cls.officer
        for user in cls.people:
            user.password = user.login
        cls.ingredient = cls._make_product("Herb mix", standard_price=4)
        cls.dressing = cls._make_product("Salad dressing", standard_price=6)
        cls.salmonella = cls._make_test("Salmonella", test_type="pass_fail")
        cls.microbiology = cls._make_group(
            "Microbiology", {"test_id": cls.salmonella.id}
        )
        cls._associate(cls.microbiology, event="output", product_ids=cls.dressing.ids)

    def _make_dressing(self):
        """Receive the ingredient and make the dressing; return its quality order."""
        self._receive(["ING-01"], self.ingredient, quantity=100)
        self.lot_in = self.env["stock.lot"].search([("name", "=", "ING-01")])
        bom = self._make_bom([(self.ingredient, 0.5)], product=self.dressing)
        self.production = self._make_order(bom, 60)
        self.lot_out = self._make_lot("SD-2026-0315", self.dressing)
        self.production.lot_producing_ids = self.lot_out
        self.production.qty_producing = 60
        self.production._set_qty_producing()
        self.production.button_mark_done()
        self.assertEqual(self.production.state, "done")
        order = self.env["qms.quality.order"].search(
            [("lot_ids", "in", self.lot_out.ids)]
        )
        self.assertEqual(len(order), 1)
        return order

    def _sum_held(self, lot):
        """Return how much of a lot is in stock."""
        quants = self.env["stock.quant"].search(
            [("lot_id", "=", lot.id), ("location_id.usage", "=", "internal")]
        )
        return sum(quants.mapped("quantity"))
