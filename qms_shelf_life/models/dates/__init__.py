from . import date_formula_mixin
from . import stock_warehouse
from . import stock_lot_day
