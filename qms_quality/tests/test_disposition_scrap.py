from odoo.tests import tagged

from .common_disposition import DispositionCase


@tagged("post_install", "-at_install")
class TestDispositionScrap(DispositionCase):
    """Scrapped goods leave the stock at their value, wherever they are."""

    def test_part_is_scrapped_and_the_rest_stays_held(self):
        case = self._lot_case()
        row = self._add(case, "scrap", 20)
        self._carry_out(case)
        self.assertEqual(self._held(case), {("L-1", self.stock.name): 80})
        self.assertEqual(row.move_ids.scrap_id.state, "done")
        self.assertEqual(row.move_ids.scrap_id.origin, case.name)
        self.assertEqual((row.done_quantity, row.state), (20, "done"))
        self.assertEqual(self._free(self.stock, case.lot_ids), 0)

    def test_scrap_takes_its_value_along(self):
        self.product.categ_id = self.env["product.category"].create(
            {"name": "AVCO", "property_cost_method": "average"}
        )
        self.product.standard_price = 2
        case = self._lot_case()
        row = self._add(case, "scrap", 20)
        self._carry_out(case)
        self.assertEqual(row.move_ids.value, 40)

    def test_permit_covers_exactly_what_was_decided(self):
        case = self._lot_case()
        row = self._add(case, "scrap", 20)
        self._carry_out(case)
        permits = self.env["qms.hold.permit"].search(
            [("res_model", "=", row._name), ("res_id", "=", row.id)]
        )
        self.assertRecordValues(
            permits,
            [
                {
                    "hold_id": case._get_open_holds().id,
                    "transaction_type": "scrap",
                    "quantity": 20,
                    "spent_quantity": 20,
                }
            ],
        )

    def test_several_lots_and_places_at_once(self):
        lot, other = self._make_lot("L-1"), self._make_lot("L-2")
        self._stock_up(60, lot)
        self._stock_up(40, lot, self.shelf)
        self._stock_up(5, other)
        case = self._make_case(lot | other)
        self._bring_to_disposition(case)
        case.with_user(self.inspector).action_list_goods()
        case.disposition_ids.with_user(self.inspector).kind = "scrap"
        self._carry_out(case)
        self.assertEqual(self._held(case), {})
        self.assertEqual(case.state, "follow_up")
        for place in (self.stock, self.shelf):
            self.assertEqual(self._quantity(place, lot), 0)

    def test_package_and_owner_are_kept_apart(self):
        lot = self._make_lot("L-1")
        package = self.env["stock.package"].create({"name": "PACK"})
        self._stock_up(10, lot)
        self._stock_up(20, lot, package=package)
        self.env["stock.quant"]._update_available_quantity(
            self.product, self.stock, 5, lot_id=lot, owner_id=self.partner
        )
        case = self._make_case(lot)
        self._bring_to_disposition(case)
        case.with_user(self.inspector).action_list_goods()
        rows = case.disposition_ids
        self.assertEqual(
            {(row.package_id, row.owner_id, row.quantity) for row in rows},
            {
                (package, self.partner.browse(), 20),
                (package.browse(), self.partner.browse(), 10),
                (package.browse(), self.partner, 5),
            },
        )
        packed = rows.filtered("package_id")
        packed.with_user(self.inspector).write({"kind": "scrap", "quantity": 15})
        owned = rows.filtered("owner_id")
        owned.with_user(self.inspector).kind = "scrap"
        (rows - packed - owned).with_user(self.inspector).unlink()
        self._carry_out(case)
        quants = lot.quant_ids.filtered(lambda q: q.location_id == self.stock)
        self.assertEqual(
            {(q.package_id, q.owner_id, q.quantity) for q in quants if q.quantity},
            {
                (package, self.partner.browse(), 5),
                (package.browse(), self.partner.browse(), 10),
            },
        )

    def test_serial_number(self):
        product = self._make_product("Pump", tracking="serial")
        lots = self._make_lot("S-1", product) | self._make_lot("S-2", product)
        for lot in lots:
            self._stock_up(1, lot)
        case = self._make_case(lots)
        self._bring_to_disposition(case)
        self._add(case, "scrap", 1, lot=lots[0])
        self._add(case, "use_as_is", 1, lot=lots[1])
        self._carry_out(case)
        self.assertEqual(self._quantity(self.stock, lots[0]), 0)
        self.assertEqual(self._free(self.stock, lots[1]), 1)
        self.assertEqual(case.state, "follow_up")

    def test_untracked_goods(self):
        self._stock_up(50, product=self.untracked, location=self.shelf)
        case = self._place_case(location=self.shelf)
        self._add(case, "scrap", 20, location=self.shelf)
        self._carry_out(case)
        self.assertEqual(self._held(case), {(False, "Shelf"): 30})
        self.assertEqual(self._free(self.shelf, product=self.untracked), 0)
