from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import QmsCase


@tagged("post_install", "-at_install")
class TestHoldWizard(QmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls._make_lot("M-1")
        cls._stock_up(10, cls.lot)
        cls.damaged = cls.env.ref("qms_quality.reason_place_damaged")
        cls.mistake = cls.env.ref("qms_quality.reason_release_placed_by_mistake")

    def _wizard(self, action, user):
        return self.env["qms.hold.wizard"].with_user(user).browse(action["res_id"])

    def _place(self, records, user=None, **vals):
        """Hold ``records`` through the dialog, as a person does; return the holds."""
        user = user or self.inspector
        wizard = self._wizard(records.with_user(user).action_qms_hold(), user)
        with Form(wizard) as form:
            form.reason_id = self.damaged
            for name, value in vals.items():
                form[name] = value
        before = self.env["qms.hold"].search([])
        wizard.action_place()
        return self.env["qms.hold"].search([]) - before

    def _release(self, holds, user):
        wizard = self._wizard(holds.with_user(user).action_release(), user)
        with Form(wizard) as form:
            form.reason_id = self.mistake
        wizard.action_release()

    # -- Placing -----------------------------------------------------------------------

    def test_inspector_holds_a_lot(self):
        hold = self._place(self.lot, comment="Two cans leak")
        self.assertRecordValues(
            hold,
            [
                {
                    "lot_id": self.lot.id,
                    "scope": "lot",
                    "status_id": self.on_hold.id,
                    "reason": "Damaged",
                    "comment": "Two cans leak",
                    "placed_by_id": self.inspector.id,
                    "res_model": False,
                }
            ],
        )
        self.assertEqual(self.lot.inspection_status_id, self.on_hold)
        self.assertEqual(self.lot.qms_open_hold_count, 1)

    def test_dialog_shows_status_before_and_after(self):
        self._hold(self.rejected, lot=self.lot)
        wizard = self._wizard(
            self.lot.with_user(self.inspector).action_qms_hold(), self.inspector
        )
        self.assertEqual(wizard.line_ids.previous_status_id, self.rejected)
        self.assertEqual(wizard.line_ids.new_status_id, self.rejected)
        with Form(wizard) as form:
            form.status_id = self.env.ref("qms_quality.status_recalled")
            form.reason_id = self.damaged
            with form.line_ids.edit(0) as line:
                self.assertEqual(line.new_status_id.name, "Recalled")

    def test_clerk_may_not_place(self):
        for records in (self.lot, self.lot.quant_ids):
            with self.assertRaises(AccessError) as caught:
                records.with_user(self.clerk).action_qms_hold()
            self.assertEqual(
                caught.exception.args[0],
                "You may not place holds. Ask someone of the group"
                " Quality / Inspector.",
            )

    def test_clerk_may_not_place_by_rpc(self):
        wizard = (
            self.env["qms.hold.wizard"]
            .with_user(self.clerk)
            .create(
                {
                    "reason_id": self.damaged.id,
                    "line_ids": [
                        Command.create(
                            {"product_id": self.product.id, "lot_id": self.lot.id}
                        )
                    ],
                }
            )
        )
        with self.assertRaisesRegex(AccessError, "You may not place holds"):
            wizard.action_place()
        with self.assertRaisesRegex(AccessError, "You may not place holds"):
            wizard.sudo().action_place()

    def test_status_that_restricts_nothing_is_refused(self):
        wizard = self._wizard(self.lot.action_qms_hold(), self.env.user)
        wizard.write({"status_id": self.available.id, "reason_id": self.damaged.id})
        with self.assertRaises(UserError) as caught:
            wizard.action_place()
        self.assertEqual(
            caught.exception.args[0],
            "Choose a status that restricts something. To make goods available, release"
            " their holds.",
        )

    def test_reason_of_the_other_kind_is_refused(self):
        wizard = self._wizard(self.lot.action_qms_hold(), self.env.user)
        wizard.reason_id = self.mistake
        with self.assertRaises(UserError) as caught:
            wizard.action_place()
        self.assertEqual(caught.exception.args[0], "Choose a reason from the list.")

    def test_quant_is_held_where_it_is(self):
        quant = self._stock_up(5, self.lot, self.shelf)
        hold = self._place(quant)
        self.assertEqual(hold.scope, "lot_place")
        self.assertEqual(hold.location_id, self.shelf)
        self.assertEqual(quant.inspection_status_id, self.on_hold)
        self.assertEqual(self.lot.inspection_status_id, self.available)
        self.assertEqual(self.lot.qms_open_hold_count, 1)

    def test_quant_as_the_whole_lot(self):
        quants = self._stock_up(5, self.lot, self.shelf) | self.lot.quant_ids
        hold = self._place(quants, scope="lot")
        self.assertEqual(hold.scope, "lot")
        self.assertEqual(hold.lot_id, self.lot)

    def test_untracked_quant_is_held_in_its_place(self):
        quant = self._stock_up(5, product=self.untracked, location=self.shelf)
        wizard = self._wizard(
            quant.with_user(self.inspector).action_qms_hold(), self.inspector
        )
        self.assertTrue(wizard.whole_place)
        self.assertFalse(wizard.can_choose_scope)
        hold = self._place(quant)
        self.assertEqual(hold.scope, "product_place")

    def test_package_holds_each_product_and_lot_in_the_packages_inside(self):
        pallet = self.env["stock.package"].create({"name": "PALLET"})
        box = self.env["stock.package"].create(
            {"name": "BOX", "parent_package_id": pallet.id}
        )
        other = self._make_lot("M-2")
        self._stock_up(3, self.lot, package=pallet)
        self._stock_up(4, self.lot, package=box)
        self._stock_up(5, other, package=box)
        holds = self._place(pallet)
        self.assertEqual(
            {(hold.lot_id, hold.package_id) for hold in holds},
            {(self.lot, pallet), (self.lot, box), (other, box)},
        )
        self.assertEqual(set(holds.mapped("scope")), {"package"})
        self.assertEqual(pallet.qms_open_hold_count, 3)
        self.assertEqual(box.qms_open_hold_count, 2)

    def test_empty_package_is_refused(self):
        package = self.env["stock.package"].create({"name": "EMPTY"})
        with self.assertRaises(UserError) as caught:
            package.with_user(self.inspector).action_qms_hold()
        self.assertEqual(
            caught.exception.args[0],
            "An empty package can't be held: a hold needs goods.",
        )

    def test_transfer_that_is_done_is_held_where_it_arrived(self):
        picking = self._picking("incoming", 7)
        picking.action_confirm()
        picking.move_ids.move_line_ids.lot_name = "M-9"
        picking.move_ids.picked = True
        picking.button_validate()
        hold = self._place(picking)
        self.assertEqual(hold.lot_id.name, "M-9")
        self.assertEqual(hold.location_id, picking.location_dest_id)
        self.assertEqual(hold.document_name, picking.name)
        picking.invalidate_recordset()
        self.assertEqual(picking.qms_open_hold_count, 1)
        self.assertEqual(picking.move_line_ids.inspection_status_id, self.on_hold)

    def test_transfer_that_is_reserved_is_held_where_it_is_taken(self):
        picking = self._picking("outgoing", 4)
        picking.action_confirm()
        picking.action_assign()
        hold = self._place(picking)
        self.assertEqual((hold.lot_id, hold.location_id), (self.lot, self.stock))

    def test_transfer_without_goods_is_refused(self):
        picking = self._picking("incoming", 7)
        with self.assertRaises(UserError) as caught:
            picking.with_user(self.inspector).action_qms_hold()
        self.assertEqual(
            caught.exception.args[0],
            "This transfer has no goods to hold yet. Receive or reserve them first, or"
            " hold the lots themselves.",
        )

    def test_goods_of_another_company_are_refused(self):
        company = self.env["res.company"].create({"name": "Other"})
        lot = self.env["stock.lot"].create(
            {"name": "O-1", "product_id": self.product.id, "company_id": company.id}
        )
        wizard = self._wizard(
            self.lot.with_user(self.inspector).action_qms_hold(), self.inspector
        )
        wizard.reason_id = self.damaged
        wizard.line_ids.lot_id = lot
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            wizard.action_place()

    def test_queries_do_not_grow_with_the_lots(self):
        counts = []
        for name, number in (("few", 5), ("many", 45)):
            lots = self.env["stock.lot"].create(
                [
                    {"name": f"{name}-{i}", "product_id": self.product.id}
                    for i in range(number)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard = self._wizard(
                lots.with_user(self.inspector).action_qms_hold(), self.inspector
            )
            wizard.reason_id = self.damaged
            wizard.action_place()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0], counts)

    # -- Releasing ---------------------------------------------------------------------

    def test_manager_releases(self):
        hold = self._hold(lot=self.lot)
        self.assertTrue(hold.with_user(self.manager).can_release)
        self._release(hold, self.manager)
        self.assertRecordValues(
            hold,
            [
                {
                    "state": "released",
                    "release_reason": "Placed by mistake",
                    "released_by_id": self.manager.id,
                }
            ],
        )
        self.assertEqual(self.lot.inspection_status_id, self.available)

    def test_inspector_may_not_release_on_hold(self):
        hold = self._hold(lot=self.lot)
        message = (
            "You may not release these holds:\n"
            f"{hold.name} · On hold on Milk · M-1: ask someone of the group"
            " Quality / Quality manager."
        )
        with self.assertRaises(AccessError) as caught:
            hold.with_user(self.inspector).action_release()
        self.assertEqual(caught.exception.args[0], message)
        with self.assertRaises(AccessError) as caught:
            self.lot.with_user(self.inspector).action_qms_release()
        self.assertEqual(caught.exception.args[0], message)

    def test_inspector_may_not_release_by_rpc(self):
        hold = self._hold(lot=self.lot)
        wizard = (
            self.env["qms.hold.wizard"]
            .with_user(self.inspector)
            .create(
                {
                    "mode": "release",
                    "reason_id": self.mistake.id,
                    "line_ids": [
                        Command.create(
                            {"product_id": self.product.id, "hold_id": hold.id}
                        )
                    ],
                }
            )
        )
        with self.assertRaisesRegex(AccessError, "You may not release these holds"):
            wizard.action_release()
        self.assertEqual(hold.state, "open")

    def test_dialog_of_another_person_is_closed_to_me(self):
        hold = self._hold(lot=self.lot)
        wizard = self._wizard(
            hold.with_user(self.manager).action_release(), self.manager
        )
        for record in (wizard, wizard.line_ids):
            with self.assertRaises(AccessError):
                record.with_user(self.inspector).write({"wizard_id": wizard.id})

    def test_lot_releases_those_holds_that_the_user_may(self):
        kept = self._hold(lot=self.lot)
        self.under_inspection.release_group_id = self.env.ref(
            "qms_quality.group_quality_inspector"
        )
        hold = self._hold(self.under_inspection, lot=self.lot)
        lot = self.lot.with_user(self.inspector)
        self.assertTrue(lot.qms_can_release)
        wizard = self._wizard(lot.action_qms_release(), self.inspector)
        self.assertEqual(wizard.line_ids.hold_id, hold)
        self.assertEqual(wizard.line_ids.new_status_id, self.on_hold)
        with Form(wizard) as form:
            form.reason_id = self.mistake
        wizard.action_release()
        self.assertEqual((hold.state, kept.state), ("released", "open"))

    def test_manager_releases_from_a_package_and_a_transfer(self):
        package = self.env["stock.package"].create({"name": "BOX"})
        self._stock_up(3, self.lot, package=package)
        picking = self._picking("incoming", 7)
        picking.action_confirm()
        picking.move_ids.move_line_ids.lot_name = "M-9"
        picking.move_ids.picked = True
        picking.button_validate()
        boxed = self._hold(lot=self.lot, package=package)
        kept = self._hold(lot=self.lot, location=self.shelf)
        arrived = self._hold(lot=picking.move_line_ids.lot_id)
        for records, hold in ((package, boxed), (picking, arrived)):
            with self.subTest(records._name):
                records.invalidate_recordset()
                self.assertEqual(records.qms_open_hold_count, 1)
                self.assertTrue(records.with_user(self.manager).qms_can_release)
                action = records.with_user(self.manager).action_qms_release()
                wizard = self._wizard(action, self.manager)
                self.assertEqual(wizard.line_ids.hold_id, hold)
                wizard.reason_id = self.mistake
                wizard.action_release()
                self.assertEqual(hold.state, "released")
        self.assertEqual(kept.state, "open")

    def test_nothing_to_release(self):
        with self.assertRaises(UserError) as caught:
            self.lot.with_user(self.manager).action_qms_release()
        self.assertEqual(caught.exception.args[0], "No open hold is on these goods.")

    def test_hold_that_travelled_is_released_with_its_root(self):
        self._stock_up(5, self.lot, self.shelf)
        root = self._hold(
            self.env.ref("qms_quality.status_conditional"),
            lot=self.lot,
            location=self.shelf,
        )
        cold = self._make_location("Cold")
        move = self._picking("internal", 5, source=self.shelf, dest=cold)
        move.action_confirm()
        move.action_assign()
        move.move_ids.picked = True
        move.button_validate()
        extension = root.child_ids
        self.assertEqual(extension.location_id, cold)
        quant = self.lot.quant_ids.filtered(lambda quant: quant.location_id == cold)
        self.assertEqual(quant.qms_open_hold_count, 1)
        action = quant.with_user(self.manager).action_qms_release()
        wizard = self._wizard(action, self.manager)
        self.assertEqual(wizard.line_ids.hold_id, root)
        wizard.reason_id = self.mistake
        wizard.action_release()
        self.assertEqual((root | extension).mapped("state"), ["released"] * 2)
