from . import test_date_formula
from . import test_minimum
from . import test_fefo_partner
from . import test_fefo_order
from . import test_minimum_flows
from . import test_sales_minimum
