from . import res_config_settings
from . import res_config_settings_dates
from . import starting_point_dates
