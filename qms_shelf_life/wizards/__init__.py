from . import qms_expiry_change
from . import qms_lot_event_wizard
from . import qms_lot_merge
from . import qms_sell_by_recompute
