from . import qms_recall_reason
from . import qms_recall_notice_review
from . import qms_recall_notice_review_line
from . import qms_tracked_adjustment
from . import qms_tracked_adjustment_line
