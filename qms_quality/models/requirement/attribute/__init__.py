from . import attribute_value_mixin
from . import attribute
from . import attribute_option
from . import lot_attribute
from . import stock_lot
