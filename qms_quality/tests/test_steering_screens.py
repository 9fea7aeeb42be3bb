from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_steering import SteeringCase


@tagged("post_install", "-at_install")
class TestSteeringScreens(SteeringCase):
    """What people see where goods don't meet what an order requires."""

    def setUp(self):
        super().setUp()
        self.nz = self._stock_lot("NZ", 15, {self.origin: self.new_zealand})
        self.cl = self._stock_lot("CL", 25, {self.origin: self.chile})

    # -- Shortages ---------------------------------------------------------------------

    def test_shortage_says_what_is_free_and_what_of_it_fits(self):
        self._make_card(self._no_origin(self.new_zealand))
        picking = self._sell(40)
        short = (
            "40 Units free, 25 Units meet what Fresh Foods demands;"
            " 15 Units: Country of Origin: New Zealand"
        )
        self.assertEqual(picking.move_ids.qms_shortage, short)
        self.assertEqual(picking.qms_shortage, f"Milk: {short}")
        self.assertIn(short, Form(picking).qms_shortage)
        order = picking.sudo().sale_id.with_user(self.seller)
        self.assertEqual(order.qms_shortage, f"Milk: {short}")

    def test_shortage_of_several_kinds(self):
        self._stock_lot("BLANK", 5)
        held = self._stock_lot("HELD", 7, {self.origin: self.chile})
        self._hold(lot=held)
        self._make_card(self._no_origin(self.new_zealand))
        self.assertEqual(
            self._sell(60).move_ids.qms_shortage,
            "45 Units free, 25 Units meet what Fresh Foods demands;"
            " 15 Units: Country of Origin: New Zealand;"
            " 5 Units: Country of Origin: not recorded; 7 Units held",
        )

    def test_enough_that_fits_is_no_shortage(self):
        self._make_card(self._no_origin(self.new_zealand))
        self.assertFalse(self._sell(25).qms_shortage)

    def test_recorded_is_no_shortage(self):
        self._make_card(self._no_origin(self.new_zealand, "recorded"))
        self.assertFalse(self._sell(50).qms_shortage)

    def test_shortage_of_components(self):
        self._make_card(
            self._no_origin(self.new_zealand), kind="production", use="component"
        )
        order = self._make_order(self._make_bom([(self.product, 40)]))
        self.assertEqual(
            order.with_user(self.operator).qms_shortage,
            f"Milk: 40 Units free, 25 Units meet what {order.name} demands;"
            " 15 Units: Country of Origin: New Zealand (40 Units needed)",
        )

    def test_order_without_components_that_fit_is_not_started(self):
        card = self._make_card(
            self._no_origin(self.new_zealand), kind="production", use="component"
        )
        order = self._make_order(self._make_bom([(self.product, 40)]))
        with self.assertRaises(UserError) as caught:
            order.with_user(self.operator).qty_producing = 1
        self.assertEqual(
            caught.exception.args[0],
            f"{order.name} can't be started, worked on or closed: what is there of"
            " these components can't be used for it.\n"
            f"Milk: 40 Units free, 25 Units meet what {order.name} demands;"
            " 15 Units: Country of Origin: New Zealand (40 Units needed)\n"
            f"    {order.name} demands: Country of Origin is none of: New Zealand."
            f" Found: New Zealand ({card.code}, {order.name})\n"
            "Get other goods, reduce or split the order, ask for the release of what is"
            " held, or have the requirements ignored.",
        )

    def test_why(self):
        card = self._make_card(self._no_origin(self.new_zealand))
        picking = self._sell(40)
        action = picking.action_qms_why()
        why = self.env["qms.why"].with_user(self.clerk).browse(action["res_id"])
        self.assertEqual(
            why.summary,
            "Milk: 40 Units free, 25 Units meet what Fresh Foods demands;"
            " 15 Units: Country of Origin: New Zealand (40 Units needed)",
        )
        line = why.line_ids
        self.assertEqual(line.lot_id, self.nz)
        self.assertFalse(line.status_id)
        self.assertFalse(line.hold_id)
        self.assertEqual(
            line.reason,
            "Fresh Foods demands: Country of Origin is none of: New Zealand."
            f" Found: New Zealand ({card.code}, {picking.sudo().sale_id.name})",
        )
        self.assertEqual(line.document_name, picking.sudo().sale_id.name)
        self.assertEqual(line.release_group, "Quality Requirements / Ignore QRS")

    def test_why_without_a_shortage(self):
        self._make_card(self._no_origin(self.new_zealand))
        action = self._sell(5).action_qms_why()
        self.assertEqual(
            self.env["qms.why"].browse(action["res_id"]).summary,
            "No goods are missing, though some don't meet the requirements.",
        )

    def test_many_short_moves_cost_as_much_as_one(self):
        self._make_card(self._no_origin(self.new_zealand))
        counts = []
        for number in (1, 8):
            pickings = self.env["stock.picking"]
            for _number in range(number):
                pickings |= self._sell(60).sudo()
            self.env.flush_all()
            self.env.invalidate_all()
            pickings.mapped("move_ids.move_line_ids.lot_id.name")
            pickings.mapped("move_ids.location_id.parent_path")
            pickings.mapped("move_ids.location_dest_id.warehouse_id.code")
            before = self.cr.sql_log_count
            self.assertTrue(all(pickings.mapped("qms_shortage")))
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 5, counts)

    # -- The chooser -------------------------------------------------------------------

    def _choose(self, move, **context):
        """Return the quants as the dialog lists them."""
        quants = self.env["stock.quant"].with_user(self.clerk)
        quants = quants.with_context(qms_move_id=move.id, **context)
        found = quants.web_search_read(
            [
                ("product_id", "=", self.product.id),
                ("location_id", "child_of", self.stock.id),
            ],
            {"lot_id": {"fields": {"display_name": {}}}, "qms_unmet": {}},
        )
        return [
            (row["lot_id"]["display_name"], row["qms_unmet"])
            for row in found["records"]
        ]

    def test_chooser_lists_what_fits_first(self):
        self._stock_lot("BLANK", 5)
        self._make_card(self._no_origin(self.new_zealand))
        move = self._sell(5).move_ids
        self.assertEqual(
            self._choose(move),
            [
                ("CL", False),
                ("NZ", "Country of Origin: New Zealand"),
                ("BLANK", "Country of Origin: not recorded"),
            ],
        )

    def test_chooser_tells_what_is_only_recorded(self):
        self._make_card(self._no_origin(self.new_zealand, "recorded"))
        move = self._sell(5).move_ids
        self.assertEqual(
            self._choose(move),
            [
                ("CL", False),
                ("NZ", "Country of Origin: New Zealand (allowed, is recorded)"),
            ],
        )

    def test_names_in_the_pick_from_field(self):
        self._make_card(self._no_origin(self.new_zealand))
        move = self._sell(5).move_ids
        quants = self.env["stock.quant"].with_user(self.clerk)
        found = quants.with_context(qms_move_id=move.id).name_search(
            "", [("product_id", "=", self.product.id), ("lot_id", "!=", False)]
        )
        self.assertEqual(
            [name for _id, name in found],
            [
                "DAIRY/Stock - CL",
                "DAIRY/Stock - NZ ⚠ Country of Origin: New Zealand",
            ],
        )

    def test_chooser_without_requirements_is_as_ever(self):
        self._make_card(self._no_origin(self.new_zealand))
        other = self._sell(5, partner=self.partner).move_ids
        self.assertEqual(self._choose(other), [("NZ", False), ("CL", False)])

    def test_chooser_shows_nothing_of_a_move_that_cannot_be_read(self):
        self._make_card(self._no_origin(self.new_zealand))
        move = self._sell(5).move_ids
        company = self.env["res.company"].create({"name": "Other"})
        move.sudo().company_id = company
        self.assertEqual(self._choose(move), [("NZ", False), ("CL", False)])

    def test_nonsense_in_the_context(self):
        self._make_card(self._no_origin(self.new_zealand))
        self._sell(5)
        quants = self.nz.quant_ids.with_user(self.clerk)
        for value in (True, "x", -1, 10**9, [1], None):
            with self.subTest(value):
                shown = quants.with_context(qms_move_id=value)
                self.assertFalse(shown.qms_unmet)
                self.assertTrue(shown.search([("id", "in", quants.ids)]))

    def test_whoever_sorts_gets_his_order(self):
        self._make_card(self._no_origin(self.new_zealand))
        move = self._sell(5).move_ids
        quants = self.env["stock.quant"].with_context(qms_move_id=move.id)
        domain = [("lot_id", "in", (self.nz | self.cl).ids)]
        found = quants.search(domain, order="quantity")
        self.assertEqual(found.lot_id.mapped("name"), ["NZ", "CL"])
        self.assertEqual(quants.search(domain, limit=1).lot_id, self.cl)

    # -- What is promised --------------------------------------------------------------

    def test_quotation_promises_what_fits(self):
        self._make_card(self._no_origin(self.new_zealand))
        for partner, free in ((self.fresh, 25), (self.partner, 40)):
            line = self._quote(30, partner=partner).order_line
            self.assertEqual(line.free_qty_today, free)
            self.assertEqual(line.virtual_available_at_date, free)
        line = self._quote(30).order_line
        line.qms_requirement_ids.sudo()._ignore("Agreed")
        line.invalidate_recordset()
        self.assertEqual(line.free_qty_today, 40)

    def test_held_and_unfit_is_taken_off_once(self):
        self._hold(lot=self.nz)
        self._make_card(self._no_origin(self.new_zealand))
        self.assertEqual(self._quote(30).order_line.free_qty_today, 25)

    def test_order_promises_what_fits(self):
        self._make_card(self._no_origin(self.new_zealand))
        picking = self._sell(40)
        move = picking.move_ids
        self.assertEqual(move.forecast_availability, 25)
        picking.do_unreserve()
        move.invalidate_recordset()
        self.assertEqual(move.forecast_availability, 25)
        line = picking.sudo().sale_id.order_line
        self.assertEqual(line.free_qty_today, 25)

    # -- Ignore QRS --------------------------------------------------------------------

    def _ignore(self, picking, user=None, reason="Agreed by telephone"):
        """Ignore the requirements as a person does: button, reason, confirm."""
        move = picking.move_ids.with_user(user or self.foreman)
        action = move.action_qms_ignore_qrs()
        wizard = self.env[action["res_model"]].with_user(user or self.foreman)
        with Form(wizard.browse(action["res_id"])) as form:
            form.reason = reason
        return wizard.browse(action["res_id"]).action_confirm()

    def test_ignore(self):
        self._make_card(self._no_origin(self.new_zealand))
        picking = self._sell(40)
        self.assertEqual(picking.move_ids.quantity, 25)
        self._ignore(picking)
        copy = self._copy_of(picking)
        self.assertTrue(copy.is_ignored)
        self.assertEqual(copy.ignore_reason, "Agreed by telephone")
        self.assertEqual(copy.ignored_by_id, self.foreman)
        self.assertTrue(copy.ignored_date)
        self.assertFalse(copy.manually_updated)
        picking.action_assign()
        self.assertEqual(self._taken(picking.move_ids), {"CL": 25, "NZ": 15})
        picking.move_ids.picked = True
        picking.with_context(skip_sms=True, skip_expired=True).button_validate()
        self.assertEqual(picking.state, "done")

    def test_ignored_still_takes_what_fits_first(self):
        self._make_card(self._no_origin(self.new_zealand))
        picking = self._sell(20)
        picking.do_unreserve()
        self._ignore(picking)
        picking.action_assign()
        self.assertEqual(self._taken(picking.move_ids), {"CL": 20})
        self._take(picking, self.nz)

    def test_ignoring_is_for_one_line(self):
        self._make_card(self._no_origin(self.new_zealand))
        mine, other = self._sell(5), self._sell(5)
        self._ignore(mine)
        self._take(mine, self.nz)
        with self.assertRaises(UserError):
            self._take(other, self.nz)

    def test_ignoring_never_lifts_a_hold(self):
        self._make_card(self._no_origin(self.new_zealand))
        self._hold(lot=self.nz)
        picking = self._sell(40)
        self._ignore(picking)
        picking.action_assign()
        self.assertEqual(self._taken(picking.move_ids), {"CL": 25})
        with self.assertRaisesRegex(UserError, "^These goods are held and"):
            self._take(picking, self.nz)

    def test_who_may_ignore(self):
        self._make_card(self._no_origin(self.new_zealand))
        picking = self._sell(5)
        copy = self._copy_of(picking)
        for user in (self.clerk, self.seller, self.manager):
            for attempt in (
                copy.with_user(user).sudo(False).action_ignore,
                lambda u=user: copy.with_user(u).sudo(False).action_ignore("Because"),
                copy.with_user(user).sudo(False).action_heed,
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    attempt()
        with self.assertRaisesRegex(
            AccessError,
            "^Requirements are ignored by members of “Quality Requirements / Ignore"
            " QRS” only. Ask one of them, or take goods that meet them.$",
        ):
            picking.move_ids.action_qms_ignore_qrs()
        self.assertFalse(copy.is_ignored)

    def test_a_reason_is_needed(self):
        self._make_card(self._no_origin(self.new_zealand))
        picking = self._sell(5)
        for reason in ("", "   "):
            move = picking.move_ids.with_user(self.foreman)
            action = move.action_qms_ignore_qrs()
            wizard = self.env["qms.qrs.ignore"].with_user(self.foreman)
            wizard = wizard.browse(action["res_id"])
            wizard.reason = reason
            with self.assertRaisesRegex(UserError, "^Say why"):
                wizard.action_confirm()
        copy = self._copy_of(picking).with_user(self.foreman).sudo(False)
        for reason in (True, 5, ["x"], " "):
            self.assertEqual(copy.action_ignore(reason)["res_model"], "qms.qrs.ignore")
        self.assertFalse(copy.is_ignored)

    def test_ignoring_twice_and_taking_it_back(self):
        self._make_card(self._no_origin(self.new_zealand))
        picking = self._sell(5)
        self._ignore(picking)
        copy = self._copy_of(picking).with_user(self.foreman).sudo(False)
        with self.assertRaisesRegex(UserError, "ignored already"):
            copy.action_ignore("Again")
        copy.action_heed()
        self.assertFalse(copy.is_ignored)
        self.assertFalse(copy.ignore_reason)
        with self.assertRaises(UserError):
            self._take(picking, self.nz)

    def test_nothing_to_ignore(self):
        self._make_card(self._no_origin(self.new_zealand))
        other = self._sell(5, partner=self.partner).move_ids.with_user(self.foreman)
        with self.assertRaisesRegex(UserError, "^Nothing is required"):
            other.action_qms_ignore_qrs()

    def test_ignoring_is_in_the_trail(self):
        self._make_card(self._no_origin(self.new_zealand))
        picking = self._sell(5)
        self._ignore(picking)
        self.env.cr.flush()
        copy = self._copy_of(picking)
        entries = self.env["qms.audit.entry"].search(
            [("res_model", "=", copy._name), ("res_id", "=", copy.id)]
        )
        entry = entries.filtered(lambda one: one.event == "ignore")
        self.assertTrue(entry)
        self.assertEqual(entry.user_id, self.foreman)
        self.assertEqual(entry[:1].reason, "Agreed by telephone")

    def test_nobody_writes_it(self):
        self._make_card(self._no_origin(self.new_zealand))
        picking = self._sell(5)
        copy = self._copy_of(picking)
        for user in (self.clerk, self.foreman, self.administrator):
            for context in ({}, {"qms_sentinel": True}):
                own = copy.with_user(user).sudo(False).with_context(**context)
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    own.write({"is_ignored": True, "ignore_reason": "x"})
        self.assertFalse(copy.is_ignored)
