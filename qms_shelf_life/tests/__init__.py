from . import test_date_formula
from . import test_date_shift
from . import test_expiration_rule
from . import test_expiry_change
from . import test_lot_event
from . import test_produced_dates
from . import test_sell_by
