from . import criterion_mixin
from . import qrs
from . import qrs_line
from . import qrs_criterion
