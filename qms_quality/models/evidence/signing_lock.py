from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..sentinel import trusted

MAX_FAILURES = 5
COMPLIANCE = "qms_quality.group_compliance_officer"
ACTIVITY = "mail.mail_activity_data_warning"


class QmsSigningLock(models.Model):
    """How often a user failed to sign in a row; after five he is locked out.

    21 CFR 11.300(d) asks for safeguards against the unauthorised use of credentials,
    and that attempts are detected and reported at once.

    A try is counted before it is checked, in a transaction of its own: neither the
    failure of the request nor many requests at the same time give more of them.
    """

    _name = "qms.signing.lock"
    _description = "Failed Signing"
    _inherit = [
        "qms.protected.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "qms.audit.mixin",
    ]
    _order = "date_locked desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="cascade"
    )
    failures = fields.Integer(string="Failed in a Row", readonly=True)
    date_failed = fields.Datetime(string="Last Failed", readonly=True)
    date_locked = fields.Datetime(string="Locked since", readonly=True)

    _user_uniq = models.Constraint("unique(user_id)", "A user has one counter.")

    @api.model
    def _get_protection_text(self):
        return self.env._("Failed signing is counted by the system only.")

    # -- A try -------------------------------------------------------------------------

    @api.model
    @contextmanager
    def _apart(self):
        """Work in a transaction of its own, which outlives the end of this one."""
        with self.env.registry.cursor() as cr:
            # one after the other, before the transaction sees any row: tries at the
            # same time would fail each other, and Odoo would run the requests again
            cr.execute("LOCK TABLE qms_signing_lock IN SHARE ROW EXCLUSIVE MODE")
            # sudo and trusted: nobody may write the counters
            env = self.env(cr=cr, su=True)
            yield trusted(env["qms.signing.lock"])

    @api.model
    def _begin_try(self):
        """Count a try of the current user before it is checked.

        :raise UserError: if he is locked out
        """
        with self._apart() as locks:
            lock, free = locks._count()
            if not free:
                lock._audit("sign_locked", reason=self.env._("Refused: locked out"))
        if not free:
            self._refuse_locked()

    def _count(self):
        """Add one to the current user's failures.

        :return: the counter, and whether the try is allowed
        """
        self.env.cr.execute(
            SQL(
                """INSERT INTO qms_signing_lock (user_id, failures, create_date)
                   VALUES (%s, 1, now() AT TIME ZONE 'UTC')
                   ON CONFLICT (user_id) DO UPDATE
                   SET failures = qms_signing_lock.failures + 1
                   RETURNING id, failures <= %s AND date_locked IS NULL""",
                self.env.uid,
                MAX_FAILURES,
            )
        )
        lock_id, free = self.env.cr.fetchone()
        return self.browse(lock_id), free

    @api.model
    def _end_try(self, reason=None):
        """Write down how the try of the current user went.

        :param str reason: why it failed; none if it didn't
        :return int: how many tries are left
        """
        with self._apart() as locks:
            lock = locks.search([("user_id", "=", self.env.uid)])
            if reason:
                return lock._fail(reason)
            if not lock.date_locked:
                lock.failures = 0
        return MAX_FAILURES

    def _fail(self, reason):
        self.date_failed = fields.Datetime.now()
        self._audit("sign_failed", reason=reason)
        left = max(MAX_FAILURES - self.failures, 0)
        if not left and not self.date_locked:
            self.date_locked = fields.Datetime.now()
            self._audit("lock_out", reason=self.env._("%s failed tries", MAX_FAILURES))
            self._tell_compliance()
        return left

    def _tell_compliance(self):
        """Tell every compliance officer, by an activity and its mail."""
        officers = self.env.ref(COMPLIANCE).all_user_ids.filtered("active")
        for officer in officers - self.env.ref("base.user_root"):
            self.activity_schedule(
                ACTIVITY,
                summary=self.env._("Locked out of signing: %s", self.user_id.name),
                note=self.env._(
                    "%(number)s tries to sign as %(user)s failed. Find out who it was"
                    " before you unlock it.",
                    number=MAX_FAILURES,
                    user=f"{self.user_id.name} ({self.user_id.login})",
                ),
                user_id=officer.id,
            )

    def _refuse_locked(self):
        raise UserError(
            self.env._(
                "You are locked out of signing after %s failed tries. A compliance"
                " officer can unlock you; they have been told.",
                MAX_FAILURES,
            )
        )

    # -- Unlocking ---------------------------------------------------------------------

    def action_unlock(self):
        """Let these users sign again.

        :raise AccessError: unless the user is a compliance officer
        :raise UserError: if one of them is himself
        """
        self._check_unlock()
        # sudo and trusted: officers unlock by this button only
        locks = trusted(self.sudo())
        locks.write({"failures": 0, "date_locked": False})
        locks._audit("unlock")
        locks.activity_unlink([ACTIVITY])

    def _check_unlock(self):
        self.env.user._qms_check_group(COMPLIANCE)
        if self.env.user in self.user_id:
            raise UserError(
                self.env._("You can't unlock yourself. Ask another compliance officer.")
            )
