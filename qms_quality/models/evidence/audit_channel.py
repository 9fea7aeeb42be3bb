"""By which door a change came in, as the server sees it."""

import threading

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

    Nothing that the caller could choose counts: where no request came in, the context
    is the server's own.
    """
    if request and request.httprequest.path.startswith("/web/"):
        params = getattr(request, "params", None) or {}
        called = params.get("model"), params.get("method")
        return "import" if called == ("base_import.import", "execute_import") else "web"
    # Odoo hides the request from what is called by RPC, and leaves its address
    if request or getattr(threading.current_thread(), "url", None):
        return "rpc"
    return "cron" if env.context.get("cron_id") else "system"
