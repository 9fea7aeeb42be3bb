from . import test_date_formula
from . import test_expiry_blocking
from . import test_expiry_showing
from . import test_expiry_queries
from . import test_expiry_point_of_sale
from . import test_expiry_rpc
