from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form

from .common_requirement import RequirementCase


class TestQrsCard(RequirementCase):
    """A card's life, as the QRS administrator, clerks, and those who go round it."""

    # -- States ------------------------------------------------------------------------

    def test_life_of_a_card(self):
        card = self._card("MILK", active=False)
        self.assertEqual((card.state, card.version), ("draft", 1))
        self.assertEqual(card.display_name, "MILK · Card MILK")
        card.action_activate()
        self.assertEqual(card.state, "active")
        card.action_deactivate()
        self.assertEqual(card.state, "inactive")
        card.action_activate()
        self.assertEqual(card.state, "active")
        with self._refused(UserError, "These cards are active already: MILK · Card"):
            card.action_activate()
        draft = self._card("NEW", active=False)
        with self._refused(UserError, "Only active cards can be deactivated, not: NEW"):
            draft.action_deactivate()

    def test_the_form(self):
        """A card as the administrator fills it, lines and criteria in their dialogs."""
        category = self.env["product.category"].create({"name": "Dairy"})
        form = Form(self.cards)
        form.code = "FORM"
        form.description = "By hand"
        form.partner_ids.add(self.fresh)
        with form.line_ids.new() as line:
            line.applies_to = "category"
            line.categ_id = category.with_user(self.administrator)
            with line.criterion_ids.new() as criterion:
                criterion.attribute_id = self.fat
                criterion.operator = "between"
                criterion.value_number = 3.5
                criterion.value_number_to = 4.2
                criterion.tolerance = 0.1
                criterion.departure = "approval"
        card = form.save()
        self.assertEqual(
            card.line_ids.criteria_text,
            "Fat content is between 3.5 % and 4.2 % (tolerance 0.1 %)",
        )
        self.assertEqual(card.line_ids.display_name, "Dairy")
        with Form(card) as form, form.line_ids.edit(0) as line:
            line.applies_to = "all"
        self.assertFalse(card.line_ids.categ_id)
        card.action_activate()
        self.assertEqual(card.state, "active")

    def test_a_rule_can_ask_for_approval(self):
        """Of a card as it is now: another criterion asks anew."""
        other = self._make_user("qrs_other", "qms_quality.group_quality_manager")
        step = {"name": "QA", "approver": "user", "user_id": other.id}
        self.env["qms.approval.rule"].create(
            {
                "name": "Cards",
                "guarded": "qms.qrs:activate",
                "step_ids": [Command.create(step)],
            }
        )
        card = self._card("ASK")
        self._save()
        self.assertEqual(card.state, "draft")
        requests = self.env["qms.approval"]
        domain = [("res_model", "=", card._name), ("res_id", "=", card.id)]
        first = requests.search(domain)
        self.assertEqual(first.state, "pending")
        card.line_ids.criterion_ids.departure = "recorded"
        self._save()
        self.assertEqual(first.state, "void")
        card.action_activate()
        second = requests.search(domain) - first
        second.with_user(other).action_approve()
        self.assertEqual((second.state, card.state), ("used", "active"))

    def _save(self):
        """Do what Odoo does at the end of a request."""
        self.env.flush_all()
        self.env.cr.precommit.run()

    def test_what_was_active_stays_as_it_was(self):
        card = self._card("FIX")
        other = self._card("D", self._line(self.product), active=False)
        line = card.line_ids
        criterion = line.criterion_ids
        text = (
            "These cards are in force or were, and stay as they are: FIX · Card FIX."
            " Make a new version, change that, and activate it. Partners are added and"
            " removed with the button Partners."
        )
        category = self.env["product.category"].create({"name": "Dairy"})
        line_values = {
            "applies_to": "category",
            "categ_id": category.id,
            "qrs_id": card.id,
        }
        attempts = [
            lambda: card.write({"description": "Other"}),
            lambda: card.write({"partner_ids": [Command.clear()]}),
            lambda: card.write({"line_ids": [Command.clear()]}),
            lambda: line.write({"instructions": "Other"}),
            lambda: line.unlink(),
            lambda: line.create(line_values),
            lambda: criterion.write({"departure": "recorded"}),
            lambda: criterion.unlink(),
            lambda: criterion.create({"kind": "package", "line_id": line.id}),
            # onto it from another card
            lambda: other.line_ids.write({"qrs_id": card.id}),
        ]
        for state in ("active", "inactive"):
            for attempt in attempts:
                with self._refused(UserError, text):
                    attempt()
            if state == "active":
                card.action_deactivate()

    def test_what_was_used_is_never_deleted(self):
        draft = self._card("DRAFT", active=False)
        card = self._card("USED")
        with self._refused(
            UserError,
            "These cards are in force or were, and are kept: USED · Card USED."
            " Deactivate what shall not be used any more.",
        ):
            card.unlink()
        card.action_deactivate()
        with self._refused(UserError, "are kept: USED"):
            (card | draft).unlink()
        draft.unlink()
        self.assertFalse(draft.exists())

    # -- Versions ----------------------------------------------------------------------

    def test_versions(self):
        """A new version is a draft; activating it ends the one before."""
        card = self._card("V", date_from="2026-01-01", note="Note")
        action = card.action_new_version()
        version = self.cards.browse(action["res_id"])
        self.assertEqual((version.state, version.version), ("draft", 2))
        self.assertEqual((version.code, version.former_id), ("V", card))
        self.assertEqual(version.display_name, "V · version 2 · Card V")
        self.assertEqual(version.partner_ids, self.fresh)
        self.assertEqual(
            version.line_ids.criterion_ids.expected,
            "Country of Origin is none of: New Zealand",
        )
        again = card.action_new_version()["res_id"]
        self.assertEqual(again, version.id, "there is a draft already")
        version.line_ids.criterion_ids.departure = "approval"
        version.action_activate()
        self.assertEqual((card.state, version.state), ("inactive", "active"))
        self.assertEqual(card.line_ids.criterion_ids.departure, "blocked")
        third = self.cards.browse(card.action_new_version()["res_id"])
        self.assertEqual(third.version, 3)
        with self._refused(UserError, "is a draft: change it as it is"):
            third.action_new_version()

    def test_a_copy_is_another_card(self):
        card = self._card("C")
        copy = card.copy()
        self.assertEqual((copy.code, copy.state), ("C (copy)", "draft"))
        self.assertEqual((copy.version, copy.former_id.id), (1, False))
        self.assertFalse(copy.partner_ids)
        self.assertEqual(len(copy.line_ids.criterion_ids), 1)

    # -- What makes no sense -----------------------------------------------------------

    def test_dates(self):
        with self._refused(
            ValidationError,
            "E · Card E ends on 01/31/2026, before it begins on 02/01/2026.",
        ):
            self._card("E", date_from="2026-02-01", date_to="2026-01-31")

    def test_all_problems_of_criteria_at_once(self):
        problems = [
            ({"attribute_id": False}, "Lot attribute: choose the attribute."),
            (
                {"attribute_id": self.fat.id, "operator": "in"},
                "Fat content: “is one of” can't be asked of it. Choose one of: is, is"
                " not, is between, is at least, is at most, is recorded.",
            ),
            (
                {
                    "attribute_id": self.fat.id,
                    "operator": "between",
                    "value_number": 4,
                    "value_number_to": 3,
                },
                "Fat content: the range ends before it begins.",
            ),
            (
                {"attribute_id": self.fat.id, "tolerance": -1},
                "Fat content: a tolerance can't be negative.",
            ),
            (
                {"attribute_id": self.remark.id, "value_text": "x", "tolerance": 1},
                "Remark: only numbers have a tolerance.",
            ),
            ({"attribute_id": self.remark.id}, "Remark: a text is missing."),
            (
                {"attribute_id": self.remark.id, "operator": "in", "value_text": " ; "},
                "Remark: a text is missing.",
            ),
            ({"attribute_id": self.harvest.id}, "Harvest: a date is missing."),
            ({"attribute_id": self.origin.id}, "Country of Origin: choose a value."),
            (
                {
                    "attribute_id": self.grade.id,
                    "option_ids": [Command.set((self.grade_a | self.grade_b).ids)],
                },
                "Quality grade: several values are chosen: use “is one of” or “is none"
                " of”.",
            ),
            ({"kind": "status"}, "Inspection status: choose a status."),
            ({"kind": "test_group"}, "Test group passed: choose the test group."),
            (
                {"kind": "test_group", "within_days": -1},
                "Test group passed: the number of days can't be negative.",
            ),
            ({"kind": "label", "label": " "}, "Label: say what the label must be."),
        ]
        line = self._line(None, *(self._criterion(**vals) for vals, _text in problems))
        with self.assertRaises(ValidationError) as caught, self.env.cr.savepoint():
            self._card("BAD", line, active=False)
        lines = caught.exception.args[0].splitlines()
        self.assertEqual(lines[0], "These criteria can't be judged:")
        for _vals, text in problems:
            self.assertIn(f"- All products, {text}", lines)

    def test_production_has_no_packages_and_labels(self):
        """Not on its cards, nor by way of a card that was for sales first."""
        reason = (
            "manufacturing orders have no transfer on which packages and labels are"
            " seen to. Ask for it on a card for sales or purchase."
        )
        asked = ({"kind": "label", "label": "Seal"}, {"kind": "package"})
        for number, vals in enumerate(asked):
            kind = vals["kind"].capitalize()
            line = self._line(None, self._criterion(**vals))
            text = f"These criteria can't be judged:\n- All products, {kind}: {reason}"
            with self._refused(ValidationError, text):
                self._card("MADE", line, type="production", active=False)
            card = self._card(f"SOLD{number}", line, active=False)
            with self._refused(ValidationError, text):
                card.type = "production"

    def test_options_of_another_attribute(self):
        other = self._make_attribute(
            "Class", "option", option_ids=[Command.create({"name": "I"})]
        )
        line = self._line(
            None,
            self._criterion(
                attribute_id=self.grade.id,
                option_ids=[Command.set(other.option_ids.ids)],
            ),
        )
        with self._refused(
            ValidationError,
            "Quality grade: these are options of another attribute: I.",
        ):
            self._card("BAD", line, active=False)

    def test_targets(self):
        product = self._make_product("Cream")
        bad = Command.create(
            {
                "applies_to": "product",
                "product_tmpl_id": self.product.product_tmpl_id.id,
                "product_id": product.id,
            }
        )
        missing = Command.create({"applies_to": "category"})
        with self.assertRaises(ValidationError) as caught, self.env.cr.savepoint():
            self._card("T", bad, missing, self._line(), self._line(), active=False)
        self.assertEqual(
            caught.exception.args[0].splitlines(),
            [
                "T · Card T:",
                "- Cream is no variant of Milk.",
                "- choose the target: product category.",
                "- two lines are about All products.",
            ],
        )

    def test_nothing_asked(self):
        empty = self._card("E", Command.create({"applies_to": "all"}), active=False)
        with self._refused(
            UserError,
            "E · Card E, All products asks for nothing: add a criterion or"
            " instructions.",
        ):
            empty.action_activate()
        empty.line_ids.instructions = "<p>On Mondays only</p>"
        empty.action_activate()
        bare = self.cards.create({"code": "B", "description": "Bare"})
        with self._refused(
            UserError, "B · Bare asks for nothing: add a line with criteria."
        ):
            bare.action_activate()

    # -- Rights ------------------------------------------------------------------------

    def test_clerks_read(self):
        """Clerks of all kinds read cards, and change nothing."""
        card = self._card("READ")
        for user in (self.clerk, self.seller, self.purchaser, self.inspector):
            seen = card.with_user(user)
            self.assertEqual(
                seen.line_ids.criterion_ids.expected,
                "Country of Origin is none of: New Zealand",
            )
            for attempt in (
                seen.action_activate,
                seen.action_deactivate,
                seen.action_new_version,
                seen.action_assign_partners,
                seen.action_try,
                lambda seen=seen: seen.write({"description": "x"}),
                lambda seen=seen: seen.copy(),
                lambda seen=seen: seen.line_ids.unlink(),
            ):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    attempt()

    def test_states_are_not_forged(self):
        """Neither by values nor by the context, by anybody."""
        draft = self._card("F", active=False)
        text = (
            "State and version of a card are set by its buttons only: Activate,"
            " Deactivate, New Version."
        )
        forged = self.cards.with_context(
            default_state="active", qms_sentinel=True, tracking_disable=True
        )
        values = {"code": "X", "description": "X"}
        for attempt in (
            lambda: draft.write({"state": "active"}),
            lambda: draft.write({"version": 7}),
            lambda: draft.with_context(qms_sentinel=True).write({"state": "active"}),
            lambda: draft.sudo().write({"state": "active"}),
            lambda: self.cards.create({**values, "state": "active"}),
            lambda: self.cards.create({**values, "former_id": draft.id}),
            lambda: forged.create(values),
            lambda: draft.copy({"state": "active"}),
        ):
            with self._refused(AccessError, text):
                attempt()
        self.assertEqual(draft.state, "draft")

    def test_companies(self):
        other = self.env["res.company"].create({"name": "Other Dairy"})
        card = self._card("O", company_id=False, active=False)
        card.sudo().company_id = other
        card.invalidate_recordset()
        with self.assertRaises(AccessError):
            card.with_user(self.seller).read(["code"])
        self.assertFalse(self.cards.search([("code", "=", "O")]))

    def test_trail(self):
        """Who put a card in force, and in the place of which, is in the trail."""
        card = self._card("TRAIL")
        version = self.cards.browse(card.action_new_version()["res_id"])
        version.action_activate()
        self.env.flush_all()
        self.cr.precommit.run()
        entries = self.env["qms.audit.entry"].sudo()
        domain = [("res_model", "=", "qms.qrs"), ("res_id", "in", (card | version).ids)]
        events = entries.search(domain).mapped("event")
        self.assertIn("activate", events)
        self.assertIn("replace", events)
