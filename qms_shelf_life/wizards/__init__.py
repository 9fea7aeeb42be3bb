from . import qms_expiry_decision_wizard
