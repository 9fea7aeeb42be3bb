"""By which door a change came in, as the server sees it."""

from odoo.http import request

CHANNELS = [
    ("web", "Web client"),
    ("rpc", "RPC"),
    ("cron", "Scheduled action"),
    ("import", "Import"),
    ("system", "System"),
]


def get_channel(env):
    """Return the channel of what runs now.

    Nothing that the caller could choose counts: without a request, the context is the
    server's own.
    """
    if not request:
        return "cron" if env.context.get("cron_id") else "system"
    if not request.httprequest.path.startswith("/web/"):
        return "rpc"
    params = getattr(request, "params", None) or {}
    called = params.get("model"), params.get("method")
    return "import" if called == ("base_import.import", "execute_import") else "web"
