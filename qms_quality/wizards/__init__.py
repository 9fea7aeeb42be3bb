from . import qms_hold_wizard
from . import qms_hold_wizard_line
from . import qms_lot_merge
from . import qms_lot_split
from . import qms_why
from . import qms_why_line
from . import qms_warning
from . import qms_sampling_switch_wizard
