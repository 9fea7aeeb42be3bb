from . import override
from . import quality_order
from . import quality_order_part
from . import quality_order_spec
from . import quality_order_test
from . import quality_order_result
from . import quality_order_signed
from . import audit_entry_label
