from . import qms_expiry_release_wizard
