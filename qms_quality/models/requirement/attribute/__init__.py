from . import attribute
from . import attribute_value
from . import attribute_value_mixin
from . import attribute_option
from . import lot_attribute
from . import lot_attribute_recording
from . import stock_lot
