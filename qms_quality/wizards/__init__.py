from . import qms_hold_wizard
from . import qms_hold_wizard_line
