from . import late_mixin
from . import case
from . import deciding
from . import carrying
from . import cost
from . import claim
from . import capa
