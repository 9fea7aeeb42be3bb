from . import audit_entry
from . import audit_head
from . import audit_mixin
