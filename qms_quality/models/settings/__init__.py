from . import starting_point
from . import res_config_settings
