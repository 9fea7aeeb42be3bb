from . import root_cause
from . import problem_type
from . import nonconformance_tag
from . import nonconformance
from . import nonconformance_failure
from . import nonconformance_why
from . import quality_order
