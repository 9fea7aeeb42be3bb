"""Clients of Odoo's two protocols, with whatever a person of ill will sends."""

import itertools
import json
import xmlrpc.client
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase

# XML-RPC's codes for refusals: a warning, no access, access denied. 1 is a traceback.
REFUSALS = (2, 3, 4)


class Refused(Exception):
    """The server said no, in a way that a person can read."""


class Broken(Exception):
    """The server answered with a traceback."""


class XmlClient:
    """Calls over XML-RPC."""

    def __init__(self, case, user):
        self.case, self.user = case, user
        self.credentials = (case.env.cr.dbname, user.id, case.passwords[user])

    def __call__(self, model, method, ids=None, context=None, **named):
        """Call ``method``; return its answer or raise :class:`Refused`."""
        named["context"] = context or {}
        args = [] if ids is None else [ids]
        if method == "create":  # core wants it by position here, by name there
            args = [named.pop("vals_list")]
        try:
            return self.case.xmlrpc_object.execute_kw(
                *self.credentials, model, method, args, named
            )
        except xmlrpc.client.Fault as fault:
            if fault.faultCode in REFUSALS:
                raise Refused(fault.faultString) from None
            if "cannot marshal None" in fault.faultString:
                return None
            raise Broken(fault.faultString) from None


class JsonClient:
    """Calls over ``/json/2``, with an API key."""

    def __init__(self, case, user):
        self.case = case
        key = (
            case.env["res.users.apikeys"]
            .with_user(user)
            .sudo()
            ._generate("rpc", "test", fields.Datetime.now() + timedelta(hours=1))
        )
        self.headers = {
            "Authorization": f"bearer {key}",
            "X-Odoo-Database": case.env.cr.dbname,
            "Content-Type": "application/json",
        }

    def __call__(self, model, method, ids=None, context=None, **named):
        """Call ``method``; return its answer or raise :class:`Refused`."""
        body = {**named, "context": context or {}}
        if ids is not None:
            body["ids"] = ids
        answer = self.case.url_open(
            f"/json/2/{model}/{method}", data=json.dumps(body), headers=self.headers
        )
        if answer.status_code >= 500:
            raise Broken(answer.text)
        if answer.status_code >= 400:
            raise Refused(answer.json().get("message", answer.text))
        return answer.json()


class RpcCase(HttpCase):
    """Users with passwords, and a refusal that changes nothing.

    ``cls.users`` are those who call, if a test names nobody.
    """

    # what must not change by a refused call
    state_queries = ()

    @classmethod
    def _set_passwords(cls, users):
        """Let users log in, and call by default."""
        cls.users = users
        cls.passwords = {user: f"{user.login}-password" for user in users}
        for user, password in cls.passwords.items():
            user.password = password

    def _clients(self, *users):
        """Return a client of each protocol for each user."""
        kinds = (XmlClient, JsonClient)
        return [
            kind(self, user)
            for user, kind in itertools.product(users or self.users, kinds)
        ]

    def _get_state(self):
        self.env.flush_all()
        rows = []
        for query in self.state_queries:
            self.env.cr.execute(query)
            rows.append(sorted(self.env.cr.fetchall(), key=repr))
        return rows

    def assertRefused(self, call, *args, **named):
        """Expect a refusal in words, and nothing changed."""
        before = self._get_state()
        with self.assertRaises(Refused):
            call(*args, **named)
        self.env.invalidate_all()
        self.assertEqual(self._get_state(), before)
