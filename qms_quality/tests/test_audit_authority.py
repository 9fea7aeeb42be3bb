from odoo.tests import tagged

from .common import INSPECTOR, MANAGER, STOCK_USER, QmsCase

COMPLIANCE = "qms_quality.group_compliance_officer"


@tagged("post_install", "-at_install")
class TestAuditAuthority(QmsCase):
    """Who is given authority, or loses it, by whichever door, is in the trail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._make_user(
            "qms_it", "base.group_system", "base.group_erp_manager"
        )
        cls.user = cls._make_user("qms_new")
        cls.other = cls._make_user("qms_other", COMPLIANCE)
        cls.group = cls.env.ref(INSPECTOR)
        cls.env.cr.flush()
        cls.start = cls.env["qms.audit.entry"].search([], limit=1).id

    def _get_changes(self):
        """Return ``(user, event, field, lost, gained)`` of all that was written."""
        self.env.cr.flush()
        entries = self.env["qms.audit.entry"].search(
            [("id", ">", self.start), ("res_model", "=", "res.users")], order="id"
        )
        self.start = max(entries.ids, default=self.start)
        self.assertLessEqual(entries.user_id, self.admin)
        return [
            (e.res_id, e.event, e.field_label, e.old_value, e.new_value)
            for e in entries
        ]

    def _expect(self, user, lost, gained):
        texts = [", ".join(f"Quality / {name}" for name in s) for s in (lost, gained)]
        change = (user.id, "groups", "Groups", *(text or False for text in texts))
        self.assertEqual(self._get_changes(), [change])

    def _link(self, name, command=4):
        return [(command, self.env.ref(name).id)]

    def test_by_the_user(self):
        user = self.user.with_user(self.admin)
        user.group_ids = self._link(MANAGER)
        self._expect(user, [], ["Inspector", "Quality manager"])
        user.group_ids = self._link(MANAGER, 3) + self._link(INSPECTOR)
        self._expect(user, ["Quality manager"], [])
        user.group_ids = [(6, 0, self.env.ref("base.group_user").ids)]
        self._expect(user, ["Inspector"], [])

    def test_by_the_group(self):
        group = self.group.with_user(self.admin)
        group.user_ids = [(4, self.user.id)]
        self._expect(self.user, [], ["Inspector"])
        group.user_ids = [(3, self.user.id)]
        self._expect(self.user, ["Inspector"], [])
        group.all_user_ids = [(4, self.user.id)]
        self._expect(self.user, [], ["Inspector"])

    def test_by_a_group_that_implies_it(self):
        groups = self.env["res.groups"].with_user(self.admin)
        team = groups.create({"name": "Night shift", "user_ids": [(4, self.user.id)]})
        self.assertFalse(self._get_changes())
        team.implied_ids = self._link(INSPECTOR)
        self._expect(self.user, [], ["Inspector"])
        team.unlink()
        self._expect(self.user, ["Inspector"], [])

    def test_made_and_deleted(self):
        users = self.env["res.users"].with_user(self.admin)
        users = users.with_context(no_reset_password=True)
        vals = {"name": "Eve", "login": "qms_eve"}
        eve = users.create({**vals, "group_ids": self._link(INSPECTOR)})
        self._expect(eve, [], ["Inspector"])
        name = eve.display_name
        eve.unlink()
        self._expect(eve, ["Inspector"], [])
        entry = self.env["qms.audit.entry"].browse(self.start)
        self.assertEqual((entry.record_name, entry.user_id), (name, self.admin))

    def test_no_other_groups(self):
        user = self.user.with_user(self.admin)
        user.group_ids = self._link(STOCK_USER)
        user.group_ids = self._link(STOCK_USER, 3)
        user.write({"name": "Renamed"})
        self.other.with_user(self.admin).group_ids = self._link(COMPLIANCE)
        self.assertFalse(self._get_changes())

    def test_the_reason_is_kept(self):
        user = self.user.with_user(self.admin).with_context(qms_reason="Stands in")
        user.group_ids = self._link(COMPLIANCE)
        self.env.cr.flush()
        entry = self.env["qms.audit.entry"].search(
            [("res_model", "=", "res.users"), ("res_id", "=", user.id)]
        )
        self.assertEqual(
            (entry.new_value, entry.reason, entry.event_label),
            (
                "Quality Compliance / Compliance officer",
                "Stands in",
                "Authority changed",
            ),
        )
