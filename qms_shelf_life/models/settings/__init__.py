from . import res_config_settings
from . import res_config_settings_requirement
from . import starting_point_requirement
from . import res_config_settings_near_expiry
from . import starting_point_near_expiry
from . import res_config_settings_look_ahead
