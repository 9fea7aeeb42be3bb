import json
import re
import shlex
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common_plan import PlanCase
from .test_quality_plan_rpc import PROGRAM

GUIDE = Path(__file__).parents[2] / "docs/user-guide/quality-plans.md"


@tagged("post_install", "-at_install")
class TestQualityPlanGuide(PlanCase, HttpCase):
    """The examples of the guide, run as they are written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.default_code = "YOG-150"
        cls.program = cls._make_user("planning", PROGRAM)
        cls.key = (
            cls.env["res.users.apikeys"]
            .with_user(cls.program)
            .sudo()
            ._generate("rpc", "guide", fields.Datetime.now() + timedelta(hours=1))
        )

    def setUp(self):
        super().setUp()
        if not GUIDE.exists():
            self.skipTest("the addon was installed without its documentation")
        self.text = GUIDE.read_text()

    def _get_block(self, language):
        [block] = re.findall(rf"```{language}\n(.*?)```", self.text, re.DOTALL)
        return block

    def test_examples(self):
        answer = self._run_curl(self._get_block("bash"))
        shown = json.loads(self._get_block("json"))
        self.assertLessEqual(shown["plan"].keys(), answer["plan"].keys())
        for name in shown["plan"].keys() - {"id", "company"}:
            self.assertEqual(answer["plan"][name], shown["plan"][name], name)
        start = shown["warnings"][0].rstrip("…")
        self.assertTrue(answer["warnings"][0].startswith(start), answer["warnings"])
        self._run_python(self._get_block("python"))
        self.assertFalse(self.env["qms.quality.plan"].search([]))

    def _run_curl(self, command):
        """Send what the command would send; return the answer."""
        words = shlex.split(command.replace("\\\n", " "))
        headers = dict(
            words[place + 1].split(": ", 1)
            for place, word in enumerate(words)
            if word == "-H"
        )
        headers["Authorization"] = f"bearer {self.key}"
        headers["X-Odoo-Database"] = self.env.cr.dbname
        path = words[1].removeprefix("https://quality.example.com")
        body = words[words.index("-d") + 1]
        answer = self.url_open(path, data=body, headers=headers)
        self.assertEqual(answer.status_code, 200, answer.text)
        return answer.json()

    def _run_python(self, code):
        for written, real in (
            ("https://quality.example.com", self.base_url()),
            ('"dairy"', repr(self.env.cr.dbname)),
            ('"…"', repr(self.key)),
        ):
            self.assertIn(written, code)
            code = code.replace(written, real)
        self.env.flush_all()
        with self.allow_requests(all_requests=True):
            exec(compile(code, str(GUIDE), "exec"), {})  # noqa: S102

    def test_every_field_and_word_is_documented(self):
        plans = self.env["qms.quality.plan"]
        names = set(plans._get_value_fields()) - set(plans._get_cell_fields())
        for name in names:
            self.assertIn(f"`{name}`", self.text)
            row = next(one for one in self.text.split("\n") if f"`{name}`" in one)
            field = plans._fields[name]
            if field.type == "selection":
                words = ", ".join(field.get_values(self.env))
                self.assertIn(f"| {words} |", row)
