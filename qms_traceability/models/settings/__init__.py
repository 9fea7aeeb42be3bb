from . import starting_point_correction
