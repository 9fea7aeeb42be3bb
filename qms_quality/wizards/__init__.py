from . import qms_lot_merge
from . import qms_lot_split
