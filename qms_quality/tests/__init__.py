from . import test_gate_posting
from . import test_gate_reservation
from . import test_gate_manufacturing
