from . import test_gate_posting
from . import test_gate_reservation
from . import test_gate_routes_posted
from . import test_gate_routes_production
from . import test_gate_routes_stock
from . import test_gate_routes_transfer
from . import test_lot_guard
from . import test_status_rule
