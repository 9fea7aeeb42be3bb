from . import qms_hold_wizard
from . import qms_hold_wizard_line
from . import qms_lot_merge
from . import qms_lot_split
