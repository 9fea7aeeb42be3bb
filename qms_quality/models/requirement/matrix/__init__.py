from . import stock_in_place
from . import open_quantity
from . import finding
from . import qrs_matrix
from . import qrs_matrix_screen
from . import promise
from . import qrs_try
