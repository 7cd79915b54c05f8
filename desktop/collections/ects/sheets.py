"""The portal's own pages, journey by journey: what they ask, in their order, and what each answer of the portal leads to.

Order and branches: domain pack 1.1 to 1.9. A page that the portal skips for a choice is skipped here by the same test. The
portal writes whatever comes last (section 0), so each sheet is made from the record at the moment of typing.
"""

from __future__ import annotations

from desktop.collections.ects.sheet_changing import (
    APPROPRIATE_BODY,
    CHANGE,
    INDUCTION_TUTOR,
    LEAD_PROVIDER,
    LEAVING,
    MENTOR,
    PROGRAMME,
)
from desktop.collections.ects.sheet_registering import REGISTER_ECT, REGISTER_MENTOR

JOURNEYS = (
    INDUCTION_TUTOR,
    LEAVING,
    REGISTER_ECT,
    REGISTER_MENTOR,
    MENTOR,
    CHANGE,
    APPROPRIATE_BODY,
    PROGRAMME,
    LEAD_PROVIDER,
)
"""In the order in which a school types them (section 9)."""
