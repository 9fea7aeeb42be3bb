from . import test_date_formula
