from odoo import fields, models
from odoo.exceptions import UserError

from ...sentinel import trusted
from .claim import ANSWERS
from .claim_file import FILE_COUNT, get_file_problem, read_file

# The disciplines without which an answer says nothing.
REQUIRED = (
    "answer_containment",
    "answer_cause",
    "answer_correction",
    "answer_prevention",
)
TEXT_LENGTH = 10_000


class QmsSupplierClaim(models.Model):
    """The vendor's answer: what he sends is plain text and a few files."""

    _inherit = "qms.supplier.claim"

    # -- Completing --------------------------------------------------------------------

    def _get_missing(self):
        """Return the labels of what a complete answer still lacks."""
        self.ensure_one()
        return [
            self._fields[name]._description_string(self.env)
            for name in REQUIRED
            if not (self[name] or "").strip()
        ]

    def _check_answer(self):
        missing = self._get_missing()
        if missing:
            raise UserError(
                self.env._(
                    "The answer of %(claim)s isn't complete: %(missing)s.",
                    claim=self.name,
                    missing=", ".join(missing),
                )
            )

    def _answer(self, who, channel):
        """Take the answer as it stands, and tell the responsible.

        :param str who: name of the person who answered
        :param str channel: ``portal``, ``link`` or ``internal``
        """
        trusted(self).write(
            {
                "state": "answered",
                "date_answered": fields.Datetime.now(),
                "answered_by": who,
                "answer_channel": channel,
                "date_reminder": False,
            }
        )
        self._audit("answer", reason=who)
        author = self.partner_id if channel == "link" else self.env.user.partner_id
        self._message_log(
            body=self.env._("The vendor's answer is complete: %s", who),
            author_id=author.id,
        )
        self.activity_unlink(["qms_quality.activity_claim_late"])
        if user := self._get_responsible():
            self.with_context(lang=user.lang).activity_schedule(
                "qms_quality.activity_claim_answered", user_id=user.id
            )

    def _get_responsible(self):
        """Return who looks after the claim: the first who is here and may see it."""
        self.ensure_one()
        for user in (self.user_id, self.nonconformance_id.user_id, self.create_uid):
            if user.active and not user.share and self.company_id in user.company_ids:
                return user
        return self.env["res.users"]

    # -- From the portal ---------------------------------------------------------------

    def _save_portal_answer(self, texts, uploads=(), removed=()):
        """Keep what a vendor entered, or nothing of it.

        :param dict texts: what his browser sent; only names of answers are read
        :param uploads: files, each with ``filename`` and ``read(size)``
        :param removed: ids of files of the answer that he takes back
        :return: list of problems, for people; nothing is kept if there are any
        """
        self.ensure_one()
        if self.state != "sent":
            return [self.env._("This claim isn't waiting for an answer any more.")]
        values = {name: self._clean(texts[name]) for name in ANSWERS if name in texts}
        problems = self._get_text_problems(values)
        gone = self.answer_file_ids.filtered(lambda one: one.id in removed)
        files = [read_file(one) for one in uploads if one.filename]
        problems += self._get_file_problems(files, self.answer_file_ids - gone)
        if not problems:
            self.write(values)
            gone.unlink()
            self._attach(files)
        return problems

    def _clean(self, text):
        # PostgreSQL keeps no zeros, and browsers send line ends of their own
        return text.replace("\x00", "").replace("\r\n", "\n").strip()

    def _get_text_problems(self, values):
        return [
            self.env._(
                "%(field)s: at most %(count)s characters.",
                field=self._fields[name]._description_string(self.env),
                count=TEXT_LENGTH,
            )
            for name, text in values.items()
            if len(text) > TEXT_LENGTH
        ]

    def _get_file_problems(self, files, kept):
        problems = [get_file_problem(self.env, *file) for file in files]
        problems = [problem for problem in problems if problem]
        if len(kept) + len(files) > FILE_COUNT:
            problems.append(self.env._("At most %s files.", FILE_COUNT))
        return problems

    def _attach(self, files):
        attachments = self.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": content,
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for name, content, mimetype in files
            ]
        )
        self.write({"answer_file_ids": [(4, one.id) for one in attachments]})

    def _complete_portal_answer(self, name):
        """Take the saved answer as complete.

        :param str name: what the vendor's person is called, if he isn't logged in
        :return: list of problems, for people
        """
        self.ensure_one()
        user = self.env.user
        who = self._clean(name or "")[:100] if user._is_public() else user.name
        missing = self._get_missing()
        problems = [self.env._("Still missing: %s", ", ".join(missing))] * bool(missing)
        if not who:
            problems.append(self.env._("Enter your name."))
        if not problems:
            self._answer(who, "link" if user._is_public() else "portal")
        return problems

    def _get_shared_file(self, file_id):
        """Return the file, if it is one that the vendor sees; or none."""
        self.ensure_one()
        files = self.file_ids | self.answer_file_ids
        return files.filtered(lambda one: one.id == file_id)
