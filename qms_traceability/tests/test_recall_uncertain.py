from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_lotless import LotlessCase


@tagged("post_install", "-at_install")
class TestRecallUncertain(LotlessCase):
    """Goods without lots: listed, held with one button, or left out with a reason."""

    # -- Found -------------------------------------------------------------------------

    def test_listed_with_what_is_known(self):
        self._make_paste(40, {self.ingredient: 20})
        sauce = self._make_sauce("MS-1", {self.paste: 10})
        delivery = self._deliver_lotless(6, self.customers[2])
        recall = self._analysed()
        # uncertain: not taken in without somebody's saying so, and not silent either
        self.assertNotIn(sauce, recall.line_ids.lot_id)
        row = self._rows(recall)[self.paste]
        self.assertEqual((row.decision, row.sources), ("open", "INGred-01"))
        self.assertEqual((row.on_hand, row.shipped, row.lot_count), (24, 6, 1))
        self.assertEqual(row.places, self.stock.display_name)
        self.assertEqual(row.shipped_to, f"Market 03: 6 ({delivery.name})")
        self.assertIn("Goods of Mustard paste have no lot", recall.warning_text)
        self.assertIn("Mustard paste", recall.snapshot_ids.content)

    def test_recalled_too(self):
        """One button holds them and takes in what was made of them, with its way on."""
        self._make_paste(40, {self.ingredient: 20})
        other = self.shelf
        self.env["stock.quant"]._update_available_quantity(self.paste, other, 3)
        sauce = self._make_sauce("MS-1", {self.paste: 10})
        dish = self._produce(self._make_product("Dish"), "DISH-1", 2, {sauce: 1})
        recall = self._contained()
        self.assertEqual(recall.undecided_count, 1)
        row = self._rows(recall)[self.paste]
        row.action_include()
        self.assertEqual((row.decision, recall.undecided_count), ("included", 0))
        self.assertEqual(row.decided_by_id, self.coordinator)
        for lot, level in ((sauce, 2), (dish, 3)):
            found = self._row(recall, lot)
            self.assertEqual(
                (found.how, found.level, found.is_held), ("maybe", level, True)
            )
            self.assertEqual(lot.inspection_status_id.code, "RECALL")
        holds = self._holds(recall).filtered(lambda one: one.product_id == self.paste)
        self.assertEqual(holds.location_id, self.stock | other)
        self.assertEqual(set(holds.mapped("scope")), {"product_place"})
        delivery = self._picking("outgoing", 1, self.paste)
        delivery.action_confirm()
        delivery.move_ids.quantity = 1
        delivery.move_ids.picked = True
        self.assertRefused("Mustard paste", delivery.button_validate)
        # a second time there is nothing to place
        before = self._holds(recall)
        recall.action_update()
        self.assertEqual(self._holds(recall), before)
        with self.assertRaises(UserError) as refusal:
            row.action_include()
        self.assertEqual(
            str(refusal.exception),
            f"{recall.name}: Mustard paste is recalled already.",
        )
        self.assertNotIn("Mustard paste", recall.warning_text or "")

    def test_decided_before_containment(self):
        self._make_paste(40, {self.ingredient: 20})
        recall = self._analysed()
        self._rows(recall)[self.paste].action_include()
        self.assertFalse(self._holds(recall))
        recall.action_contain()
        self.assertIn(self.paste, self._holds(recall).product_id)
        recall.action_cancel("The sample was mixed up")
        self.assertFalse(self._holds(recall))

    def test_goods_without_lots_of_goods_without_lots(self):
        """No link tells of it: the orders do."""
        mix = self._make_product("Spice mix", tracking="none")
        self._make_paste(40, {self.ingredient: 20})
        self._make_paste(7, {self.paste: 5}, product=mix)
        sauce = self._make_sauce("MS-2", {mix: 2})
        recall = self._contained()
        self.assertEqual(set(self._rows(recall)), {self.paste})
        self._rows(recall)[self.paste].action_include()
        row = self._rows(recall)[mix]
        self.assertEqual((row.decision, row.sources), ("open", "Mustard paste"))
        self.assertEqual((row.on_hand, row.lot_count), (5, 1))
        row.action_include()
        self.assertEqual(self._row(recall, sauce).how, "maybe")

    def test_not_what_was_made_before(self):
        self.env["stock.quant"]._update_available_quantity(self.paste, self.stock, 50)
        early = self._make_sauce("MS-EARLY", {self.paste: 10})
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE qms_lot_link DISABLE TRIGGER USER;"
            "UPDATE qms_lot_link SET date = date - interval '1 day'"
            " WHERE to_lot_id = %s;"
            "ALTER TABLE qms_lot_link ENABLE TRIGGER USER",
            [early.id],
        )
        self.env.invalidate_all()
        self._make_paste(40, {self.ingredient: 20})
        recall = self._contained()
        row = self._rows(recall)[self.paste]
        self.assertEqual(row.lot_count, 0)
        row.action_include()
        self.assertNotIn(early, recall.line_ids.lot_id)

    # -- Later -------------------------------------------------------------------------

    def test_made_later_joins_at_once(self):
        self._make_paste(40, {self.ingredient: 20})
        order = self._order(self.sauce, 5, {self.paste: 10})
        order.move_raw_ids._action_done()
        recall = self._contained()
        self._rows(recall)[self.paste].action_include()
        lot = self._make_lot("MS-LATE", self.sauce)
        order.lot_producing_ids = lot
        self._close(order)
        self.assertEqual(self._row(recall, lot).how, "maybe")
        self.assertEqual(lot.inspection_status_id.code, "RECALL")

    def test_affected_goods_go_in_later(self):
        """An order that had taken them before reports goods without lots."""
        order = self._order(self.paste, 40, {self.ingredient: 20})
        order.move_raw_ids._action_done()
        recall = self._contained()
        self.assertFalse(recall.product_row_ids)
        self._close(order)
        row = self._rows(recall)[self.paste]
        self.assertEqual(row.decision, "open")
        self._run_cron()
        self.assertEqual(row.on_hand, 40)
        row.action_include()
        self.assertIn(self.paste, self._holds(recall).product_id)

    # -- Closing -----------------------------------------------------------------------

    def test_nothing_is_closed_undecided(self):
        self._make_paste(40, {self.ingredient: 20})
        self._deliver_lotless(6, self.customers[2])
        recall = self._contained()
        row = self._rows(recall)[self.paste]
        self.assertIn(
            "Mustard paste without lots: recall it, too, or leave it out and say why.",
            self._closing_problems(recall),
        )
        action = row.action_leave_out()
        dialog = self.env[action["res_model"]].with_user(self.coordinator)
        dialog = dialog.browse(action["res_id"])
        self.assertRefused("Say why", dialog.action_confirm)
        dialog.reason = "It was heated: nothing survives"
        dialog.action_confirm()
        self.assertEqual(
            (row.decision, row.reason), ("left_out", "It was heated: nothing survives")
        )
        self.assertNotIn("Mustard paste", self._closing_problems(recall))
        # changing one's mind, the other way round only
        row.action_include()
        said = "Mustard paste without lots: customers don't account for 6 Units."
        self.assertIn(said, self._closing_problems(recall))
        row.note = "Market 03 sold it over the counter"
        self.assertNotIn("Mustard paste", self._closing_problems(recall))
        self.assertIn("left_out", self._get_trail(recall))
        self.assertIn("included", self._get_trail(recall))

    # -- Rights ------------------------------------------------------------------------

    def test_only_coordinators_decide(self):
        self._make_paste(40, {self.ingredient: 20})
        recall = self._contained()
        row = self._rows(recall)[self.paste]
        company_b = self.env["res.company"].create({"name": "Company B"})
        foreign = new_test_user(
            self.env,
            "uncertain_coordinator_b",
            groups="base.group_user,qms_traceability.group_recall_coordinator",
            context={"no_reset_password": True},
            company_id=company_b.id,
            company_ids=[(6, 0, company_b.ids)],
        )
        with self.assertRaises(AccessError):
            row.with_user(foreign).read(["shipped_to"])
        for user in (
            self.inspector,
            self.clerk,
            self.manager,
            self.portal_user,
            foreign,
        ):
            with self.subTest(user=user.login):
                for name in ("action_include", "action_leave_out"):
                    with self.assertRaises(AccessError):
                        getattr(row.with_user(user), name)()
                with self.assertRaises(AccessError):
                    row.with_user(user).write({"note": "X"})
        for vals in ({"decision": "left_out"}, {"reason": "X"}, {"shipped": 0}):
            with self.assertRaises(AccessError):
                row.write(vals)
        with self.assertRaises(AccessError):
            row.unlink()
        self.assertEqual(row.decision, "open")

    def test_mock_recall_lists_but_decides_nothing(self):
        self._make_paste(40, {self.ingredient: 20})
        recall = self._analysed(kind="mock")
        row = self._rows(recall)[self.paste]
        self.assertRefused("a mock recall holds no goods", row.action_include)
        self.assertFalse(self._holds(recall))
