from . import quality_order_test_key
from . import quality_order_test_value
from . import quality_order_result_batch
from . import quality_order_record
from . import quality_order_bench
from . import quality_order_paste
from . import quality_order_scan
