from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.qms_traceability.models.recall import recall_contain

from .common_recall import CASES, RecallCase


@tagged("post_install", "-at_install")
class TestRecall(RecallCase):
    """What is affected is found, held and followed."""

    # -- Frozen ------------------------------------------------------------------------

    def test_frozen_trace_stays(self):
        recall = self._analysed()
        first = recall.snapshot_ids
        self.assertIn("INGred-01", first.content)
        for press in (
            lambda: first.with_user(self.coordinator).write({"content": "{}"}),
            lambda: first.sudo().write({"content": "{}"}),
        ):
            with self.assertRaises(AccessError):
                press()
        recall.action_analyse()
        second = recall.snapshot_ids - first
        self.assertEqual(second.previous_hash, first.content_hash)
        self.env.cr.execute(
            "UPDATE qms_recall_snapshot SET content = %s WHERE id = %s",
            [first.content.replace("INGred-01", "INGred-02"), first.id],
        )
        self.env.invalidate_all()
        self.assertEqual([second.is_intact, first.is_intact], [True, False])

    # -- Containing --------------------------------------------------------------------

    def test_everywhere(self):
        """In stock, reserved, in transit, and in an order that has begun."""
        delivery = self._picking("outgoing", 5, self.dressing_product)
        delivery.action_confirm()
        delivery.action_assign()
        self.assertEqual(delivery.move_ids.quantity, 5)
        recall = self._contained()
        holds = self.env["qms.hold"].search(
            [("res_model", "=", "qms.recall"), ("res_id", "=", recall.id)]
        )
        self.assertEqual(holds.lot_id, self.ingredient | self.dressing)
        self.assertEqual(set(holds.mapped("scope")), {"lot"})
        # what was promised of it is taken back
        self.assertEqual(delivery.move_ids.quantity, 0)
        self.assertEqual(self.clean.inspection_status_id, self.available)
        # what comes back from customers is held, too
        wizard = self.env["stock.return.picking"].create(
            {"picking_id": self.deliveries[0].id}
        )
        wizard.product_return_moves.quantity = 10
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual(back.state, "done")
        again = self._delivery(1, self.dressing, product=self.dressing_product)
        self.assertRefused("SD-2026-0315", again.button_validate)
        recall.action_update()
        row = self._row(recall, self.dressing)
        self.assertEqual((row.shipped, row.on_hand, row.ledger_gap), (590, 60, 0))
        self.assertEqual(self._notice(recall).line_ids.delivered, 40)

    def test_batches_resume(self):
        recall = self._analysed()
        with patch.object(recall_contain, "BATCH", 1):
            recall.action_contain()
            self.assertEqual((recall.state, recall.held_count), ("containing", 1))
            self.assertEqual(recall.contained_share, 0.5)
            self._run_cron()
        self.assertEqual((recall.state, recall.held_count), ("contained", 2))
        self.assertFalse(recall.is_update_due)
        holds = self.env["qms.hold"].search(
            [("res_model", "=", "qms.recall"), ("res_id", "=", recall.id)]
        )
        self.assertEqual(len(holds), 2)

    def test_cancelled_between_two_batches(self):
        """What is left isn't held for a recall that is none any more."""
        recall = self._analysed()
        with patch.object(recall_contain, "BATCH", 1):
            recall.action_contain()
            split = recall_contain.split_every

            def cancel_first(size, ids, browse):
                # in the transaction of the scheduled action, as after its commit
                running = browse(ids).recall_id.with_user(self.coordinator)
                running.action_cancel("The sample was mixed up")
                return split(size, ids, browse)

            with patch.object(recall_contain, "split_every", cancel_first):
                self._run_cron()
        self.assertEqual(recall.state, "cancelled")
        holds = self.env["qms.hold"]._search_open("qms.recall", recall.ids)
        self.assertFalse(holds)

    def test_in_transit(self):
        """On the way between two warehouses: counted as on hand, and held there."""
        transit = self._make_location(
            "On the way", self.company.internal_transit_location_id, usage="transit"
        )
        away = self._picking("internal", 12, self.dressing_product, dest=transit)
        away.action_confirm()
        away.action_assign()
        away.move_ids.picked = True
        away.button_validate()
        self.assertEqual(away.state, "done")
        recall = self._contained()
        row = self._row(recall, self.dressing)
        self.assertEqual((row.on_hand, row.ledger_gap), (50, 0))
        onward = self._picking(
            "outgoing", 1, self.dressing_product, source=transit, dest=self.customer
        )
        onward.action_confirm()
        self.assertRefused("SD-2026-0315", lambda: self._pick_and_post(onward, 1))

    def _pick_and_post(self, picking, quantity, **vals):
        line = picking.move_ids._prepare_move_line_vals(quantity=quantity)
        self.env["stock.move.line"].create({**line, "lot_id": self.dressing.id, **vals})
        picking.move_ids.picked = True
        picking.button_validate()

    def test_back_order_and_package(self):
        """The rest of a delivery, and what stands packed: neither leaves."""
        delivery = self._picking("outgoing", 20, self.dressing_product)
        delivery.action_confirm()
        delivery.action_assign()
        delivery.move_ids.quantity = 5
        delivery.move_ids.picked = True
        delivery.with_context(skip_backorder=True).button_validate()
        rest = delivery.backorder_ids
        self.assertEqual(rest.move_ids.product_uom_qty, 15)
        rest.action_assign()
        package = self.env["stock.package"].create({"name": "PAL-1"})
        rest.move_ids.move_line_ids.result_package_id = package
        rest.move_ids.picked = True
        self._contained()
        self.assertFalse(rest.move_ids.move_line_ids.filtered("quantity"))
        self.assertRefused(
            "SD-2026-0315",
            lambda: self._pick_and_post(rest, 15, result_package_id=package.id),
        )

    def test_mock_recall_holds_nothing(self):
        recall = self._analysed(kind="mock")
        with self.assertRaises(UserError) as refusal:
            recall.action_contain()
        self.assertEqual(
            str(refusal.exception),
            f"Contain: a mock recall holds no goods and tells nobody: {recall.name}.",
        )
        with self.assertRaisesRegex(UserError, "holds no goods and tells nobody"):
            recall.action_tell()
        self.assertEqual(self.dressing.inspection_status_id, self.available)

    # -- Later -------------------------------------------------------------------------

    def test_lots_made_later_join(self):
        """Of what was taken out before it was held: an order that reports later."""
        order = self._start(self._make_product("Mustard"), 10, {self.ingredient: 20})
        order.move_raw_ids._action_done()
        recall = self._contained()
        self.assertEqual(recall.lot_count, 2)
        lot = self._finish(order, "MUST-1")
        self.assertEqual(lot.inspection_status_id.code, "RECALL")
        row = self._row(recall, lot)
        self.assertEqual((row.how, row.level, row.is_held), ("joined", 1, True))
        delivery = self._delivery(1, lot, product=lot.product_id)
        self.assertRefused("MUST-1", delivery.button_validate)
        self._run_cron()
        self.assertEqual(row.produced, 10)

    def test_split_lot_joins_and_is_held_once(self):
        recall = self._contained()
        child = self.dressing._qms_split(5, self.stock)
        row = self._row(recall, child)
        self.assertTrue(row.is_held)
        holds = self.env["qms.hold"].search(
            [("lot_id", "=", child.id), ("state", "=", "open")]
        )
        self.assertEqual(len(holds), 1)

    def test_nothing_joins_what_is_closed(self):
        recall = self._contained()
        recall.action_cancel("The sample was mixed up")
        self._produce(self.dressing_product, "SD-2", 1, {self.ingredient: 1})
        self.assertEqual(recall.lot_count, 2)

    def test_a_delivery_meanwhile_is_found(self):
        recall = self._analysed()
        late = self._make_company("Late Market", "late@market.example")
        self._deliver(late, self.dressing, 7)
        recall.action_contain()
        recall.action_tell()
        notice = recall.customer_ids.filtered(lambda one: one.partner_id == late)
        self.assertEqual(notice.line_ids.delivered, 7)

    # -- False alarm -------------------------------------------------------------------

    def test_cancel_lets_go(self):
        recall = self._contained()
        action = recall.action_cancel()
        dialog = self.env[action["res_model"]].with_user(self.coordinator)
        dialog = dialog.browse(action["res_id"])
        with self.assertRaisesRegex(UserError, "Say why"):
            dialog.action_confirm()
        dialog.reason = "The sample was mixed up"
        dialog.action_confirm()
        self.assertEqual(recall.state, "cancelled")
        self.assertEqual(self.dressing.inspection_status_id, self.available)
        self._deliver(self.customers[0], self.dressing, 1)
        recall = self._told()
        with self.assertRaisesRegex(UserError, r"Cancel isn't possible .*\(Recovery\)"):
            recall.action_cancel("Too late")

    # -- The ledger --------------------------------------------------------------------

    def test_mass_balance_of_every_way(self):
        """received + produced + found = on hand + used + shipped + to the vendor +
        scrapped + lost."""
        lot = self._receive(self.culture, "BAL", 100, self.supplier_x)
        self._deliver(self.customers[0], lot, 10)
        self._produce(self.dressing_product, "BAL-D", 4, {lot: 7})
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.culture.id,
                "lot_id": lot.id,
                "scrap_qty": 3,
                "location_id": self.stock.id,
            }
        )
        scrap.action_validate()
        for counted in (78, 79):
            quant = self.env["stock.quant"]._gather(
                self.culture, self.stock, lot_id=lot
            )
            quant.inventory_quantity = counted
            quant.action_apply_inventory()
        receipt = self.env["stock.picking"].search(
            [
                ("move_line_ids.lot_id", "=", lot.id),
                ("picking_type_code", "=", "incoming"),
            ]
        )
        wizard = self.env["stock.return.picking"].create({"picking_id": receipt.id})
        wizard.product_return_moves.quantity = 6
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.picked = True
        back.button_validate()
        with self.assertQueryCount(60):
            figures = self.env["qms.recall"]._read_ledger(lot)[lot.id]
        self.assertEqual(
            figures,
            {
                "received": 100,
                "produced": 0,
                "found": 1,
                "on_hand": 73,
                "used": 7,
                "shipped": 10,
                "returned_vendor": 6,
                "scrapped": 3,
                "lost": 2,
            },
        )
        self.assertEqual(self.env["qms.recall.lot"]._get_ledger_gap(figures), 0)

    def test_stock_without_a_move_is_a_gap(self):
        self._stock_up(4, self.dressing)
        recall = self._contained()
        row = self._row(recall, self.dressing)
        self.assertEqual(row.ledger_gap, -4)
        self.assertTrue(row.is_gap_open)

    def test_queries_do_not_grow(self):
        recall = self._analysed()
        self.env.flush_all()
        self.env.invalidate_all()
        lots = self.ingredient | self.dressing
        self.env["qms.recall"]._read_ledger(lots)
        with self.assertQueryCount(3):
            self.env["qms.recall"]._read_ledger(lots)
        before = self._count_queries(recall._update_facts)
        for number in range(5):
            lot = self._produce(
                self.dressing_product, f"SD-{number}", 5, {self.ingredient: 1}
            )
            self._deliver(self.customers[number], lot, 2)
        recall.action_analyse()
        after = self._count_queries(recall._update_facts)
        self.assertLessEqual(after, before + 4)

    def _count_queries(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        begin = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - begin

    # -- Rights ------------------------------------------------------------------------

    def test_only_coordinators(self):
        recall = self._analysed()
        for user in (self.inspector, self.clerk, self.manager):
            with self.subTest(user=user.login):
                for name in (
                    "action_analyse",
                    "action_contain",
                    "action_update",
                    "action_tell",
                    "action_close",
                    "action_cancel",
                ):
                    with self.assertRaises(AccessError):
                        getattr(recall.with_user(user), name)()
                with self.assertRaises(AccessError):
                    self.env["qms.recall"].with_user(user).create({"subject": "X"})
                with self.assertRaises(AccessError):
                    self.dressing.with_user(user).action_qms_recall()

    def test_states_are_not_written(self):
        recall = self._contained()
        for name, value in (
            ("state", "closed"),
            ("name", "X"),
            ("date_closed", fields.Datetime.now()),
            ("warning_text", ""),
            ("mock_result", "passed"),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                recall.write({name: value})
        row = self._row(recall, self.dressing)
        for vals in ({"shipped": 0}, {"is_held": False}, {"recall_id": recall.id}):
            with self.assertRaises(AccessError):
                row.write(vals)
        with self.assertRaises(AccessError):
            row.with_user(self.inspector).write({"explanation": "X"})
        with self.assertRaises(AccessError):
            recall.write({"line_ids": [(2, row.id)]})
        notice = recall.customer_ids[0]
        for vals in (
            {"state": "answered"},
            {"partner_id": False},
            {"date_told": False},
        ):
            with self.assertRaises(AccessError):
                notice.write(vals)
        with self.assertRaises(UserError):
            recall.unlink()
        with self.assertRaises(AccessError):
            self.env["qms.recall"].with_user(self.coordinator).create(
                {"subject": "X", "state": "closed"}
            )
        forged = self.env["qms.recall"].with_user(self.coordinator)
        forged = forged.with_context(default_state="contained", default_name="X")
        self.assertEqual(forged.create({"subject": "X"}).state, "draft")

    def test_closing_waits_for_approval(self):
        self.env["qms.approval.rule"].search([]).active = False
        self.env["qms.approval.rule"].create(self._prepare_rule())
        recall = self._told()
        for notice in recall.customer_ids:
            notice.line_ids.returned = CASES
            notice.action_answer()
        recall.conclusion = "Done."
        recall.action_close()
        self.assertEqual(recall.state, "recovery")
        approval = self.env["qms.approval"].search(
            [("res_model", "=", "qms.recall"), ("res_id", "=", recall.id)]
        )
        self.assertEqual(len(approval), 1)
        recall.with_user(self.manager).action_qms_approve()
        recall.invalidate_recordset()
        self.assertEqual(recall.state, "closed")

    def _prepare_rule(self):
        return {
            "name": "Closing of recalls",
            "guarded": "qms.recall:close",
            "step_ids": [
                (
                    0,
                    0,
                    {
                        "name": "Manager",
                        "group_id": self.env.ref(
                            "qms_quality.group_quality_manager"
                        ).id,
                    },
                )
            ],
        }
