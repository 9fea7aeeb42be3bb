"""What kinds of tests there are, and where a reading of each is kept."""

TEST_TYPES = [
    ("quantitative", "Measurement"),
    ("qualitative", "Choice"),
    ("attribute", "Defect count"),
    ("pass_fail", "Pass / Fail"),
    ("text", "Text"),
    ("date", "Date"),
    ("picture", "Picture"),
    ("calculated", "Calculated"),
]
# The field of a reading that holds what was read.
VALUE_FIELDS = {
    "quantitative": "value",
    "qualitative": "outcome_id",
    "attribute": "value",
    "pass_fail": "outcome",
    "text": "text_value",
    "date": "date_value",
    "picture": "picture",
    "calculated": "value",
}
NUMERIC = {kind for kind, field in VALUE_FIELDS.items() if field == "value"}
DEFECT_CLASSES = [("critical", "Critical"), ("major", "Major"), ("minor", "Minor")]
DETERMINATIONS = [
    ("every", "Every reading"),
    ("average", "Average"),
    ("minimum", "Minimum"),
    ("maximum", "Maximum"),
    ("manual", "Manual"),
]
# The determinations that are worked out, and how.
AGGREGATES = {
    "average": lambda values: sum(values) / len(values),
    "minimum": min,
    "maximum": max,
}
