from . import test_date_formula
from . import test_near_expiry
from . import test_expiry_report
from . import test_expiry_forecast
from . import test_expiry_waste
from . import test_expiry_mail
from . import test_expiry_notice
from . import test_look_ahead_tour
