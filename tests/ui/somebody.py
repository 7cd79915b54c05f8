"""A whole new trainee as somebody types her, question by question in the order of the form."""

from PySide6.QtCore import Qt

ABOUT_HER: tuple[tuple[str, str | Qt.Key], ...] = (
    ("first_names", "Zoraida"),
    ("last_name", "Ellwood"),
    ("date_of_birth", "4/3/01"),
    ("sex", "f"),
    ("nationality", "gb"),
    ("email", "z.ellwood@example.org"),
    ("ethnicity", "160"),
    ("disability1", "95"),
    ("training_route", "12"),
    ("course_subject_1", "mathem"),
    ("course_age_range", "11 16"),
    ("study_mode", "f"),
    ("itt_aim", Qt.Key.Key_End),
    ("itt_qualification_aim", "020"),
    ("course_year", "1"),
    ("itt_start_date", "7/9/26"),
    ("itt_end_date", "2/7/27"),
    ("fund_code", "e"),
    ("funding_method", "d"),
)
HER_DEGREE = (
    ("institution", "0149"),
    ("uk_degree", "083"),
    ("subject", "mathematics"),
    ("grade", "02"),
    ("graduation_year", "2024"),
)
HER_NUMBERS = (("provider_trainee_id", "NM26-01204"), ("hesa_id", "2611234567890"))
