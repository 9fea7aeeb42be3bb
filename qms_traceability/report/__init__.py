from . import batch_record
from . import item_tracing
