from . import test_gate_posting
from . import test_gate_reservation
from . import test_lot_guard
from . import test_status_rule
from . import test_hold_wizard
