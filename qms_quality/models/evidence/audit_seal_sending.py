import base64

from odoo import api, models
from odoo.fields import Domain

from ..sentinel import trusted
from . import seal_settings


class QmsAuditSeal(models.Model):
    _inherit = "qms.audit.seal"

    def action_deliver(self):
        """Try once more to deliver these seals, in the background.

        :raise AccessError: for anyone but compliance officers
        """
        self._check_compliance()
        # sudo: who may deliver need not know scheduled actions
        self.env.ref("qms_quality.cron_deliver_seals").sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("The seals are being delivered."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _cron_deliver(self):
        """Deliver seals, and try again what failed; tell who keeps the trail."""
        seals = self.search(self._get_pending_domain(), order="number")
        for index, seal in enumerate(seals, 1):
            seal._deliver()
            remaining = len(seals) - index
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                break
        self._alert_undelivered()

    @api.model
    def _get_pending_domain(self):
        """Return the domain of the seals that a channel still waits for.

        A folder that is set later gets all of them, a mailbox only new ones.
        """

        def delivered(channel, state):
            found = [("channel", "=", channel), ("state", "=", state)]
            return Domain("delivery_ids", "any", found)

        pending = [Domain("state", "=", "waiting")]
        if seal_settings.get_folder():
            pending.append(~delivered("folder", "done"))
        if self.env["qms.audit.policy"]._get()._get_mail_addresses():
            pending.append(delivered("mail", "failed") & ~delivered("mail", "done"))
        return Domain.OR(pending)

    def _deliver(self):
        """Deliver one seal over each channel that is set and hasn't got it yet."""
        self.ensure_one()
        tried = {(row.channel, row.state) for row in self.delivery_ids}
        is_new = ("folder", "done") not in tried
        folder = seal_settings.get_folder()
        if folder and is_new:
            self._write_to(folder)
        addresses = self.env["qms.audit.policy"]._get()._get_mail_addresses()
        if addresses and ("mail", "done") not in tried:
            if is_new or ("mail", "failed") in tried:
                self._mail_to(", ".join(addresses))

    def _write_to(self, folder):
        problem = seal_settings.get_folder_problem(self.env, folder)
        if not problem:
            problem = self._write_file(folder)
        self._log_delivery("folder", folder, problem)

    def _write_file(self, folder):
        try:
            seal_settings.write_file(
                folder, self._get_file_name(), self._get_file_text()
            )
        except FileExistsError:
            return self.env._(
                "There is another file of that name: %(name)s. It was left alone.",
                name=self._get_file_name(),
            )
        except OSError as error:
            return str(error)
        return None

    def _mail_to(self, addresses):
        # sudo: nobody but the system sends it
        mail = self.env["mail.mail"].sudo().create(self._prepare_mail(addresses))
        mail.send()
        failed = mail.state != "sent"
        reason = mail.failure_reason or self.env._("The mail server did not take it.")
        self._log_delivery("mail", addresses, reason if failed else None)
        mail.attachment_ids.unlink()
        mail.unlink()

    def _prepare_mail(self, addresses):
        name, text = self._get_file_name(), self._get_file_text()
        datas = base64.b64encode(text.encode())
        company = self.env.company
        return {
            "subject": self.env._(
                "Seal %(number)s of the audit trail of %(company)s",
                number=self.number,
                company=company.name,
            ),
            "email_to": addresses,
            "email_from": company.email_formatted or self.env.user.email_formatted,
            "body_html": self._prepare_mail_body(),
            "attachment_ids": [
                (0, 0, {"name": name, "datas": datas, "mimetype": "application/json"})
            ],
            "auto_delete": False,
        }

    def _prepare_mail_body(self):
        return self.env["ir.qweb"]._render(
            "qms_quality.audit_seal_mail", {"seal": self}
        )

    def _log_delivery(self, channel, target, problem):
        """Note a try; the same failure as before is noted once."""
        state = "failed" if problem else "done"
        last = self.delivery_ids.filtered(lambda row: row.channel == channel)[:1]
        if problem and (last.message, last.target) == (problem, target):
            return
        trusted(self.env["qms.audit.seal.delivery"]).create(
            {
                "seal_id": self.id,
                "channel": channel,
                "target": target,
                "state": state,
                "message": problem,
            }
        )
        self.invalidate_recordset(["delivery_ids", "state"])

    # -- Somebody must know ------------------------------------------------------------

    @api.model
    def _alert_undelivered(self):
        policy = self.env["qms.audit.policy"]._get()
        waiting = self.search_count([("state", "=", "waiting")])
        if not waiting:
            policy._end_alert()
        elif seal_settings.get_folder() or policy._get_mail_addresses():
            policy._alert(
                self.env._(
                    "Seals that could not be delivered: %(count)s. Open them to see"
                    " what each try ended with.",
                    count=waiting,
                )
            )
        else:
            policy._alert(
                self.env._("Seals have nowhere to go: set a mail address or a folder.")
            )
