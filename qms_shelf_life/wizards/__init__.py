from . import qms_fefo_reason
