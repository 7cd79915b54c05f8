"""Every offline rule of a trainee record, in the order in which they run; one module for each subject."""

from __future__ import annotations

from desktop.collections.trainees.rules import (
    codes,
    course,
    dates,
    degrees,
    money,
    person,
    placements,
    schools,
    values,
)
from desktop.model.collection import Rule

RULES: tuple[Rule, ...] = (
    *values.RULES,
    *codes.RULES,
    *person.RULES,
    *course.RULES,
    *dates.RULES,
    *money.RULES,
    *degrees.RULES,
    *placements.RULES,
    *schools.RULES,
)
