from . import qms_fefo_reason
from . import qms_expiry_decision_wizard
from . import qms_expiry_print
from . import qms_expiry_notice_find
from . import qms_expiry_notice_review
from . import qms_expiry_notice_review_line
