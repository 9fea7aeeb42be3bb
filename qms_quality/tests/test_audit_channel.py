from odoo.tests import HttpCase, tagged

from .common import MANAGER, QmsCase
from .rpc_case import JsonClient, XmlClient

IMPORT = "base_import.import"
OPTIONS = {
    "has_headers": True,
    "quoting": '"',
    "separator": ",",
    "encoding": "utf-8",
}


@tagged("post_install", "-at_install")
class TestAuditChannel(QmsCase, HttpCase):
    """By which door a change came in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls._make_user("qms_keeper", MANAGER)
        cls.keeper.password = "qms_keeper"
        cls.passwords = {cls.keeper: "qms_keeper"}

    def _call(self, model, method, *args, **named):
        """Call as the web client does."""
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": named},
        )

    def _get_channel(self, code):
        self.env.invalidate_all()
        test = self.env["qms.test"].search([("code", "=", code)])
        self.assertEqual(len(test), 1)
        entry = self.env["qms.audit.entry"].search(
            [("res_model", "=", "qms.test"), ("res_id", "=", test.id)]
        )
        self.assertEqual((entry.event, entry.user_id), ("create", self.keeper))
        return entry.channel

    def test_import(self):
        """What a file brings in says so, and only that."""
        self.authenticate("qms_keeper", "qms_keeper")
        file = "Code,Name\nIMP-1,Fat\nIMP-2,Density\n"
        values = {"res_model": "qms.test", "file": file, "file_type": "text/csv"}
        import_id = self._call(IMPORT, "create", values)
        names = ["code", "name"]
        args = ([import_id], names, ["code", "name"], OPTIONS)
        result = self._call(IMPORT, "execute_import", *args, dryrun=True)
        self.assertFalse(self.env["qms.test"].search([("code", "=", "IMP-1")]))
        result = self._call(IMPORT, "execute_import", *args)
        self.assertEqual((result["messages"], len(result["ids"])), ([], 2))
        self.assertEqual(self._get_channel("IMP-1"), "import")
        self.assertEqual(self._get_channel("IMP-2"), "import")

    def test_web(self):
        """No key of the context makes an import of it."""
        self.authenticate("qms_keeper", "qms_keeper")
        values = {"code": "WEB-1", "name": "Fat"}
        self._call("qms.test", "create", values, context={"import_file": True})
        self.assertEqual(self._get_channel("WEB-1"), "web")

    def test_load_by_rpc(self):
        """The same rows, loaded by a program."""
        named = {"fields": ["code", "name"]}
        for client in (XmlClient(self, self.keeper), JsonClient(self, self.keeper)):
            code = f"RPC-{type(client).__name__}"
            named["data"] = [[code, "Fat"]]
            context = {"import_file": True, "cron_id": 1}
            if isinstance(client, XmlClient):
                args = [named["fields"], named["data"]]
                self.xmlrpc_object.execute_kw(
                    *client.credentials, "qms.test", "load", args, {"context": context}
                )
            else:
                client("qms.test", "load", context=context, **named)
            self.assertEqual(self._get_channel(code), "rpc")
