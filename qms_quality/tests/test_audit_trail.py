from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.qms_quality.models.evidence.audit_hash import (
    HASHED_FIELDS,
    entry_hash,
)

from .common_inspection import InspectionCase

# what the evidence itself is made of: nobody changes it
NOT_FOLLOWED = {
    "qms.audit.entry",
    "qms.audit.head",
    "qms.audit.purge.line",
    "qms.audit.check",
    "qms.signature",
    # reckoned anew each night, and a row that only makes postings take turns
    "qms.expiry.forecast",
    "qms.expiry.forecast.line",
    "qms.fefo.turn",
}
# Only decisions write these links, and their own trail tells of them: following them
# would cost something at each move of goods. What is typed on a line, its lot takes
# over, or an entry of its own tells.
TOLD_ELSEWHERE = {
    "qms_disposition_id",
    "qms_expiry_decision_id",
    "qms_fefo_reason",
    "qms_production_date",
    "qms_scrapped_expiration_date",
    "qms_substitute_of_id",
    "qms_tracking_version",
}


@tagged("post_install", "-at_install")
class TestAuditTrail(InspectionCase):
    """Every change has its entry: who, what, when, why, in words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.flush()

    def _flush(self):
        """Write what is pending, as the end of a request does."""
        self.env.cr.flush()

    def _get_entries(self, records, event=None):
        domain = [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        if event:
            domain.append(("event", "=", event))
        return self.env["qms.audit.entry"].search(domain, order="id")

    def _get_changes(self, records, event=None):
        return [
            (entry.event, entry.field_label, entry.old_value, entry.new_value)
            for entry in self._get_entries(records, event)
        ]

    # -- What is followed --------------------------------------------------------------

    def test_every_model_of_the_system_is_followed(self):
        for name, model in self.env.items():
            if not name.startswith("qms.") or model._abstract or model._transient:
                continue
            if name in NOT_FOLLOWED or not model._auto:
                continue
            if "qms.append.only.mixin" in model._inherit_module:
                continue
            with self.subTest(name):
                self.assertTrue(
                    hasattr(model, "_qms_audit_names"), f"{name} has no audit trail"
                )
                self.assertTrue(model._qms_audit_names())

    def test_quality_fields_of_odoos_own_models_are_followed(self):
        for name, model in self.env.items():
            if model._abstract or model._transient or name.startswith("qms."):
                continue
            if name == "digest.digest":
                # which figures a mail shows is no evidence
                continue
            ours = [
                field.name
                for field in model._fields.values()
                if field.store
                and not field.related
                and field.type != "one2many"
                and getattr(field, "qms_audit", True)
                and field._modules
                and all(module.startswith("qms_") for module in field._modules)
                # an analytic plan adds fields of its own kind
                and not field.manual
                and field.name not in TOLD_ELSEWHERE
            ]
            if ours:
                with self.subTest(name):
                    self.assertTrue(
                        hasattr(model, "_qms_audit_names"), f"{name}: {ours}"
                    )
                    self.assertLessEqual(set(ours), model._qms_audit_names())
        for name in ("stock.lot", "product.template", "res.partner", "sale.order"):
            self.assertTrue(hasattr(self.env[name], "_qms_audit_names"))

    # -- Created, changed, deleted -----------------------------------------------------

    def test_life_of_a_record(self):
        manager = self.env["qms.test"].with_user(self.manager)
        with Form(manager) as form:
            form.name = "Density"
            form.code = "DENS"
        test = manager.search([("code", "=", "DENS")])
        self._flush()
        with Form(test) as form:
            form.decimals = 3
            form.code = "DENSITY"
        self._flush()
        name, domain = test.display_name, [("res_id", "=", test.id)]
        test.unlink()
        self._flush()
        entries = self.env["qms.audit.entry"].search(
            [("res_model", "=", "qms.test"), *domain], order="id"
        )
        created, *changed, deleted = entries
        self.assertEqual((created.event, created.old_value), ("create", False))
        self.assertLessEqual(
            {"Name: Density", "Code: DENS", "Type: Measurement"},
            set(created.new_value.splitlines()),
        )
        self.assertEqual(
            {(e.event, e.field_label, e.old_value, e.new_value) for e in changed},
            {("write", "Decimals", "2", "3"), ("write", "Code", "DENS", "DENSITY")},
        )
        self.assertEqual((deleted.event, deleted.new_value), ("delete", False))
        self.assertIn("Code: DENSITY", deleted.old_value.splitlines())
        self.assertEqual(deleted.record_name, name)
        self.assertEqual(entries.user_id, self.manager)
        name = f"{self.manager.name} (qms_manager)"
        self.assertEqual(set(entries.mapped("user_name")), {name})
        self.assertEqual(entries.mapped("seq"), list(range(1, 5)))

    def test_nothing_changed_nothing_written(self):
        self.weight.name = self.weight.name
        self.weight.decimals = 7
        self.weight.decimals = 2
        self.assertFalse(self._get_entries(self.weight, "write"))

    def test_links_are_added_and_removed_by_name(self):
        association = self._associate(product_ids=self.product.ids)
        self._flush()
        other = self._make_product("Cream")
        association.product_ids = [
            Command.unlink(self.product.id),
            Command.link(other.id),
        ]
        association.partner_ids = self.partner
        self.assertCountEqual(
            self._get_changes(association, "write"),
            [
                ("write", "Products", "Milk", "Cream"),
                ("write", "Partners", False, "Green Farm"),
            ],
        )

    def _get_draft(self):
        line = {"test_id": self.weight.id, "lower_limit": 4, "upper_limit": 6}
        group = self._draft_group("Draft", line)
        self._flush()
        return group

    def test_values_are_readable_in_one_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        group = self._get_draft()
        line = group.line_ids
        status = self.rejected.with_context(lang="de_DE")
        status.name = "Gesperrt"
        group.with_context(lang="de_DE").failed_status_id = status
        line.with_context(lang="de_DE").write({"lower_limit": 0.0, "required": False})
        self.assertEqual(
            self._get_changes(group, "write"),
            [("write", "Status when Failed", "On hold", "Rejected")],
        )
        self.assertEqual(
            self._get_changes(status, "write"),
            [("write", "Name [de_DE]", False, "Gesperrt")],
        )
        self.assertCountEqual(
            self._get_changes(line, "write"),
            [
                ("write", "Lower Limit", "4", "0"),
                ("write", "Required", "Yes", "No"),
            ],
        )

    def test_translations_by_their_dialog(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.weight.update_field_translations("name", {"de_DE": "Gewicht"})
        self.assertEqual(
            self._get_changes(self.weight, "write"),
            [("write", "Name [de_DE]", False, "Gewicht")],
        )

    def test_zero_is_not_nothing(self):
        line = self._get_draft().line_ids
        line.write({"lower_limit": False, "upper_limit": False})
        self._flush()
        line.upper_limit = 0.0
        self.assertCountEqual(
            self._get_changes(line, "write"),
            [
                ("write", "Lower Limit", "4", False),
                ("write", "Upper Limit", "6", False),
                ("write", "Upper Limit", False, "0"),
            ],
        )

    def test_computed_values_are_followed(self):
        lot = self._make_lot("A-1")
        self._flush()
        hold = self._hold(lot=lot)
        self._flush()
        self.assertEqual(
            self._get_changes(lot, "write"),
            [("write", "Inspection Status", "Available", "On hold")],
        )
        hold._release("Test")
        self.assertEqual(
            self._get_changes(lot, "write")[-1],
            ("write", "Inspection Status", "On hold", "Available"),
        )

    def test_a_test_with_one_reading_passes_with_it(self):
        """The verdict of a test is told where no reading's entry says the same."""
        order = self._receive_order()
        self._flush()
        single, double, _taste = order.test_ids
        before = self._get_entries(order.test_ids)
        self._fill(order)
        self._flush()
        reading = self._get_changes(single.result_ids)[-1]
        self.assertEqual(reading[1:], ("Reading", False, "5.00 kg (Passed)"))
        new = self._get_entries(order.test_ids) - before
        self.assertEqual(new.mapped("res_id"), double.ids)
        self.assertEqual(
            new.mapped(lambda e: (e.field_label, e.old_value, e.new_value)),
            [("Verdict", False, "Passed")],
        )

    def test_what_the_database_deletes_with_it(self):
        line = {"test_id": self.weight.id, "lower_limit": 1}
        group = self._draft_group("Gone", line)
        line = group.line_ids
        domain = [("res_model", "=", line._name), ("res_id", "=", line.id)]
        group.unlink()
        entry = self.env["qms.audit.entry"].search([*domain, ("event", "=", "delete")])
        self.assertIn("Lower Limit: 1", entry.old_value.splitlines())
        self.assertTrue(self._get_entries(group, "delete"))

    def test_parts_are_counted_by_their_whole(self):
        order = self._receive_order()
        self._flush()
        created = self._get_entries(order, "create")
        self.assertLessEqual(
            {"Tests: 3", "Readings: 4", "Lots/Serial Numbers: L1"},
            set(created.new_value.splitlines()),
        )
        self.assertFalse(self._get_entries(order.result_ids))
        spec = order.spec_ids
        order.test_group_ids |= self._make_weight_group()
        self.assertTrue(self._get_entries(order.spec_ids - spec, "create"))

    # -- Actions -----------------------------------------------------------------------

    def test_an_action_names_what_it_changes(self):
        order = self._receive_order()
        self._flush()
        self._fill(order)
        self._flush()
        readings = self._get_entries(order.result_ids[0])
        self.assertEqual(
            [(e.event, e.field_label, e.new_value) for e in readings],
            [("record", "Reading", "5.00 kg (Passed)")],
        )
        together = self._get_entries(order.result_ids)
        self.assertEqual(len(together), len(order.result_ids))
        self.assertEqual(len(set(together.mapped("transaction"))), 1)
        order.with_user(self.inspector).action_validate()
        entries = self._get_entries(order, "validate")
        self.assertEqual(
            {(e.field_label, e.old_value, e.new_value) for e in entries},
            {("State", "In Progress", "Validated (Passed)")},
        )
        self.assertEqual(entries.user_id, self.inspector)
        hold = self.env["qms.hold"].search([("res_id", "=", order.id)], limit=1)
        release = self._get_entries(hold, "release")
        self.assertEqual(
            (release.field_label, release.old_value, release.new_value, release.reason),
            ("State", "Open", "Released", "Inspection passed"),
        )

    def test_one_action_on_several_records(self):
        tests = self.weight | self.fat | self.taste
        tests._audit("reviewed", {"code": ("old", "new")}, reason="Yearly review")
        self.weight.decimals = 4
        self.assertCountEqual(
            self._get_changes(tests, "reviewed"),
            [("reviewed", "Code", "old", "new")] * 3
            + [("reviewed", "Decimals", "2", "4")],
        )

    def test_the_reason_of_the_person(self):
        test = self.weight.with_user(self.manager).with_context(
            qms_reason="  As the standard of 2026 asks  "
        )
        test.decimals = 4
        entry = self._get_entries(test, "write")
        self.assertEqual(entry.reason, "As the standard of 2026 asks")
        self.assertEqual(entry.event_label, "Changed")
        self.assertEqual(entry.model_id.model, "qms.test")
        self.assertEqual(entry.channel, "system")

    def test_names_do_not_depend_on_the_context(self):
        self.partner.name = "Green Farm"
        rule = self.env["qms.status.rule"].create(
            {"status_id": self.on_hold.id, "product_id": self.product.id}
        )
        self._flush()
        rule.with_context(
            show_address=True, show_email=True
        ).partner_id = self.partner.copy({"name": "Plain", "city": "Hidden"})
        self.assertEqual(self._get_entries(rule, "write").new_value, "Plain")

    # -- Append-only -------------------------------------------------------------------

    def test_refused_by_the_orm_as_superuser(self):
        entry = self._get_entries(self.weight)[0]
        head = self.env["qms.audit.head"].search([], limit=1)
        refusals = {
            "The audit trail is written by the system only.": lambda: entry.create({}),
            "An audit entry can't be changed, by anyone.": lambda: entry.write(
                {"reason": "x"}
            ),
            "An audit entry can't be deleted, by anyone.": entry.unlink,
        }
        for message, forge in refusals.items():
            with self.assertRaises(AccessError) as refusal:
                forge()
            self.assertEqual(str(refusal.exception), message)
        for forge in (
            lambda: head.create({}),
            lambda: head.write({"seq": 1}),
            head.unlink,
            lambda: entry.update_field_translations("event", {}) or entry.copy(),
        ):
            with self.assertRaises(AccessError):
                forge()

    def test_refused_by_the_database(self):
        entry = self._get_entries(self.weight)[0]
        for query in (
            f"UPDATE qms_audit_entry SET reason = 'x' WHERE id = {entry.id}",
            f"DELETE FROM qms_audit_entry WHERE id = {entry.id}",
            "TRUNCATE qms_audit_entry CASCADE",
            "UPDATE qms_audit_head SET seq = 0",
            "DELETE FROM qms_audit_head",
            "TRUNCATE qms_audit_head",
        ):
            with self.subTest(query), mute_logger("odoo.sql_db"):
                with self.assertRaisesRegex(Exception, "refused"):
                    with self.env.cr.savepoint():
                        self.env.cr.execute(query)
        # nor as a replica, nor by the ORM's own lower floors
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(Exception, "refused"):
            with self.env.cr.savepoint():
                self.env.cr.execute("SET LOCAL session_replication_role = replica")
                self.env.cr.execute("DELETE FROM qms_audit_entry")
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(Exception, "refused"):
            with self.env.cr.savepoint():
                entry._write_multi([{"reason": "x"}])

    # -- The chain ---------------------------------------------------------------------

    def test_the_chain_is_what_the_database_holds(self):
        self.test_an_action_names_what_it_changes()
        self._flush()
        self.env.cr.execute(
            "SELECT e.*, to_char(e.date, 'YYYY-MM-DD HH24:MI:SS') AS date"
            " FROM qms_audit_entry e ORDER BY res_model, res_id, seq"
        )
        ends = {}
        for row in self.env.cr.dictfetchall():
            key = row["res_model"], row["res_id"]
            seq, last = ends.get(key, (0, ""))
            values = {name: row[name] for name in HASHED_FIELDS}
            self.assertEqual((row["seq"], row["prev_hash"]), (seq + 1, last))
            self.assertEqual(row["hash"], entry_hash(values, last))
            ends[key] = row["seq"], row["hash"]
        self.env.cr.execute("SELECT res_model, res_id, seq, hash FROM qms_audit_head")
        heads = {
            (model, id_): (seq, last)
            for model, id_, seq, last in self.env.cr.fetchall()
        }
        self.assertEqual(heads, ends)

    def test_every_hashed_field_counts(self):
        values = {name: "x" for name in HASHED_FIELDS}
        before = entry_hash(values, "")
        self.assertEqual(len(before), 64)
        for name in HASHED_FIELDS:
            self.assertNotEqual(entry_hash({**values, name: "y"}, ""), before)
        self.assertNotEqual(entry_hash(values, before), before)
        self.assertEqual(
            entry_hash({**values, "reason": ""}, ""),
            entry_hash({**values, "reason": None}, ""),
        )

    def test_what_is_rolled_back_leaves_no_entry(self):
        before = len(self._get_entries(self.weight))
        self.weight.decimals = 4
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.weight.decimals = 5
            raise ZeroDivisionError
        self._flush()
        entries = self._get_entries(self.weight)[before:]
        self.assertEqual(entries.mapped("new_value"), ["4"])

    # -- Cost --------------------------------------------------------------------------

    def test_one_statement_for_all(self):
        tests = self.env["qms.test"].create(
            [{"name": f"T{i}", "code": f"T{i}"} for i in range(1500)]
        )
        self._flush()
        counts = []
        for some in (tests[:10], tests[10:]):
            some.decimals = 4
            self.env.flush_all()
            self.env.invalidate_all()
            queries = []
            with self._patch_execute(queries):
                self._flush()
            inserts = [q for q in queries if "INSERT INTO qms_audit_entry" in q]
            self.assertEqual(len(inserts), 1)
            counts.append(len(queries))
        self.assertEqual(len(self._get_entries(tests, "write")), 1500)
        # apart from reading names in Odoo's batches of 1000
        self.assertLessEqual(counts[1] - counts[0], 3)

    def _patch_execute(self, queries):
        cursor = self.env.cr
        execute = type(cursor).execute

        def spy(cr, query, *args, **kwargs):
            queries.append(getattr(query, "code", str(query)))
            return execute(cr, query, *args, **kwargs)

        return patch.object(type(cursor), "execute", spy)

    # -- Who reads ---------------------------------------------------------------------

    def test_who_reads_it(self):
        entry = self._get_entries(self.weight)[0]
        officer = self._make_user("qms_officer", "qms_quality.group_compliance_officer")
        for user in (self.inspector, self.manager, officer):
            self.assertTrue(entry.with_user(user).read(["event_label", "new_value"]))
        with self.assertRaises(AccessError):
            entry.with_user(self.clerk).read(["event"])

    def test_every_form_has_the_button(self):
        officer = self._make_user("qms_officer", "qms_quality.group_compliance_officer")
        names = [
            name
            for name, model in self.env.items()
            if name.startswith("qms.")
            and hasattr(model, "_qms_audit_names")
            and not model._abstract
        ]
        self.assertIn("qms.test", names)
        for user in (officer, self.inspector):
            for name in names:
                model = self.env[name].with_user(user)
                if not model.has_access("read") or not self._has_form(name):
                    continue
                with self.subTest(name, user=user.login):
                    arch = model.get_view(view_type="form")["arch"]
                    self.assertEqual(arch.count("action_open_audit"), 1)
        arch = self.env["stock.lot"].with_user(self.clerk).get_view(view_type="form")
        self.assertNotIn("action_open_audit", arch["arch"])

    def _has_form(self, name):
        return self.env["ir.ui.view"].search_count(
            [("model", "=", name), ("type", "=", "form")]
        )

    def test_buttons_of_an_entry(self):
        entry = self._get_entries(self.weight)[0].with_user(self.inspector)
        action = self.weight.action_open_audit()
        self.assertIn(entry, self.env["qms.audit.entry"].search(action["domain"]))
        self.assertEqual(entry.action_open_record()["res_id"], self.weight.id)
        group = self.env["qms.audit.entry"].search(entry.action_open_group()["domain"])
        self.assertIn(entry, group)
        found = self.env["qms.audit.entry"].search(
            [("model_id", "ilike", "Quality Test")]
        )
        self.assertIn(entry, found)
