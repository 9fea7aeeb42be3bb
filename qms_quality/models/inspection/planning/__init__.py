from . import plan_options
from . import plan_matrix
from . import plan
from . import plan_copy
from . import plan_find
from . import association
from . import quality_order
