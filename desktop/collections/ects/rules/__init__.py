"""Every offline rule of a record, in the order in which they run; one module for each subject."""

from __future__ import annotations

from desktop.collections.ects.rules import advice, dates, periods, person, portal, school, training, values
from desktop.model.collection import Rule

RULES: tuple[Rule, ...] = (
    *values.RULES,
    *person.RULES,
    *dates.RULES,
    *training.RULES,
    *periods.RULES,
    *school.RULES,
    *portal.RULES,
    *advice.RULES,
)
