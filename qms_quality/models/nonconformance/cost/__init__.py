from . import cost
from . import cost_guard
from . import nonconformance
from . import disposition
from . import rework
from . import returned
from . import account_move
