"""When goods are inspected, and which steps may wait for it."""

EVENTS = [
    ("receipt_ready", "Receipt ready"),
    ("receipt", "Receipt done"),
    ("subcontract", "Subcontracted receipt ready"),
    ("production_confirmed", "Manufacturing order confirmed"),
    ("workorder_done", "Work order finished"),
    ("output", "Production output"),
    ("production_close", "Before a manufacturing order is closed"),
    ("transfer_ready", "Internal transfer ready"),
    ("transfer_done", "Internal transfer done"),
    ("delivery_ready", "Delivery ready"),
    ("customer_return", "Customer return done"),
    ("quarantine", "Goods enter a quarantine zone"),
    ("lot_created", "Lot created"),
    ("lot_term", "A term after a lot was created"),
]

STEPS = ("transfer", "next", "bill", "start", "workorder", "close")

# A step can only wait for what comes before it.
BLOCKABLE = {
    "receipt_ready": ("transfer", "next", "bill"),
    "receipt": ("next", "bill"),
    "subcontract": ("transfer", "next", "bill"),
    "production_confirmed": ("start", "close"),
    "workorder_done": ("workorder", "close"),
    "output": ("next", "close"),
    "production_close": ("close",),
    "transfer_ready": ("transfer", "next"),
    "transfer_done": ("next",),
    "delivery_ready": ("transfer", "bill"),
    "customer_return": ("next",),
    "quarantine": ("next",),
    "lot_created": (),
    "lot_term": (),
}

# Goods that just arrived raise these, and are held until they are inspected.
ARRIVING = {"receipt", "output", "customer_return", "transfer_done", "quarantine"}

# Rules for these make new lots start under inspection.
STARTING = {
    "receipt_ready",
    "receipt",
    "subcontract",
    "output",
    "customer_return",
    "quarantine",
    "lot_created",
}

# Orders of these are made before the goods arrive, and get their lots then.
EXPECTING = ("receipt_ready", "subcontract")

# An order of these is about goods in stock, which nothing holds until it fails.
LEAVING = ("transfer_ready", "delivery_ready")

# An order of these is about goods that are being made: held when they fail, and when
# they come before the order has passed.
MAKING = ("production_confirmed", "workorder_done", "production_close")

# An order of these ends with its document.
PREPARING = (*EXPECTING, *LEAVING, *MAKING)

# Their orders are what a manufacturing order is signed off by.
PRODUCING = (*MAKING, "output")
