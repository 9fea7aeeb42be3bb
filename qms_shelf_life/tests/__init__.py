from . import test_date_formula
from . import test_near_expiry
