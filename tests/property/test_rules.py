"""Laws of the rules: whatever is in a document, they answer; they are steady; money follows the table."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from desktop.collections.trainees import COLLECTION, tables
from desktop.collections.trainees.cycles import cycle_of, deadlines, london_day
from desktop.collections.trainees.funding import estimate
from desktop.collections.trainees.rules.placements import is_postcode
from desktop.model.collection import Context
from desktop.model.document import Child, Document
from desktop.model.finding import Severity
from desktop.validation.engine import check, check_action, has_errors
from tests.unit.collections.trainees.sample import GOOD, UK_DEGREE, document

LISTS = COLLECTION.code_lists

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=80)
CODES = st.sampled_from([c for f in COLLECTION.fields if f.codes for c in list(LISTS.codes(f.codes))[:20]])
DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(date.isoformat)
ODD = st.one_of(
    st.booleans(), st.floats(), st.integers(), st.lists(st.integers(), max_size=2), st.binary(max_size=4)
)
VALUE = st.one_of(st.none(), ANY_TEXT, CODES, DAYS, ODD, st.just("9" * 4400), st.just(10**4400))


def _some(names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from([*names, "no_such_field"]), VALUE, max_size=len(names))


FIELDS = _some([f.name for f in COLLECTION.fields])


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Anything that could ever stand in a document, and more."""
    fields = {**(GOOD if draw(st.booleans()) else {}), **draw(FIELDS)}
    children = {}
    for kind in COLLECTION.children:
        group = draw(st.lists(_some([f.name for f in kind.fields]), max_size=3))
        children[kind.key] = [
            Child(f"c{n}", f, draw(st.sampled_from([None, "x"]))) for n, f in enumerate(group)
        ]
    return Document(fields, children)


@st.composite
def contexts(draw: st.DrawFn) -> Context:
    """Any day, any state, lists at hand or not, a base or none."""
    numbers = st.none() | st.just(frozenset({"115795", "10007806"}))
    state = st.sampled_from(["", *(s.key for s in COLLECTION.states), "newer"])
    return Context(
        today=draw(st.dates(date(1, 1, 1), date(9990, 1, 1))),
        codes=LISTS,
        state=draw(state),
        schools=draw(numbers),
        partners=draw(numbers),
        base=draw(st.none() | documents()),
    )


@given(documents(), contexts())
def test_checking_never_raises_and_never_repeats_long_text(mine: Document, known: Context):
    for finding in check(COLLECTION, mine, known):
        assert isinstance(finding.severity, Severity)
        assert finding.rule.startswith("T-")
        assert 0 < len(finding.message) < 500
        assert len(finding.portal_text) < 1000


@given(documents(), contexts())
def test_checking_twice_says_the_same(mine: Document, known: Context):
    assert check(COLLECTION, mine, known) == check(COLLECTION, mine, known)


@given(documents(), contexts(), st.data())
def test_actions_never_raise(mine: Document, known: Context, data: st.DataObject):
    for action in COLLECTION.actions:
        fields = data.draw(_some([f.name for f in action.fields]))
        check_action(action, mine, fields, known)
        action.done(known.state, fields, fields)


@given(documents())
def test_overview_never_raises(mine: Document):
    assert COLLECTION.label(mine)
    facets = COLLECTION.facets(mine)
    assert all(v is None or isinstance(v, int) or len(v) <= 100 for v in facets.values())
    identity = COLLECTION.identity(mine)
    assert identity is None or all(identity)
    money = COLLECTION.money(mine)
    assert money is None or (money.amounts and all(p > 0 for p in money.amounts))


@given(documents(), contexts())
def test_what_the_portal_returned_is_never_an_unknown_code_of_ours(mine: Document, known: Context):
    same_base = Context(known.today, LISTS, base=mine.copy())
    for finding in check(COLLECTION, mine, same_base):
        if finding.rule in ("T-CODE-UNKNOWN", "T-DISABILITY-CODE") and isinstance(
            mine.get(finding.field), (str, int)
        ):
            assert finding.severity is Severity.WARNING


_ROUTES = st.sampled_from(sorted(tables.routes()))
_SUBJECTS = st.sampled_from(sorted(tables.allocations()))
_METHODS = st.sampled_from(sorted(tables.methods()))
_STARTS = st.dates(date(2020, 8, 1), date(2027, 7, 31))


@given(_ROUTES, _SUBJECTS, _METHODS, _STARTS, st.sampled_from(["2", "7", None]))
def test_money_and_rules_agree(route: str, subject: str, method: str, start: date, fund_code: str | None):
    """Without a tier: money is shown just where the funding rules have nothing against the method."""
    mine = document(
        training_route=route,
        course_subject_1=subject,
        funding_method=method,
        trainee_start_date=start.isoformat(),
        fund_code=fund_code,
    )
    if tables.methods()[method].tier or not tables.methods()[method].type:
        return
    known = Context(start, LISTS)
    refused = {f.rule for f in check(COLLECTION, mine, known)} & {"T-FUND-FINANCE", "T-FUND-OFFERED"}
    assert bool(estimate(mine)) != bool(refused)


@given(_ROUTES, _SUBJECTS, _METHODS, _STARTS)
def test_student_finance_never_lowers_the_sum(route: str, subject: str, method: str, start: date):
    def pounds(fund_code: str) -> int:
        money = estimate(
            document(
                training_route=route,
                course_subject_1=subject,
                funding_method=method,
                trainee_start_date=start.isoformat(),
                fund_code=fund_code,
            )
        )
        return money.at_most if money else 0

    assert pounds("7") >= pounds("2") >= 0


@given(_STARTS, st.integers(0, 364))
def test_within_one_cycle_the_day_does_not_change_the_sum(start: date, later: int):
    other = start + timedelta(days=later)
    if cycle_of(start) == cycle_of(other):
        first, second = (estimate(document(trainee_start_date=d.isoformat())) for d in (start, other))
        assert first == second


@given(st.dates(date(1985, 1, 1), date(2100, 1, 1)))
def test_deadlines_of_any_day_are_sorted_and_include_a_census(today: date):
    found = deadlines(today)
    assert list(found) == sorted(found)
    assert any("ITT census" in what for _, what in found)


@given(st.datetimes(timezones=st.timezones()))
def test_london_is_never_more_than_a_day_from_universal_time(moment: Any):
    if 1000 < moment.year < 9000:
        from datetime import UTC

        assert abs((london_day(moment) - moment.astimezone(UTC).date()).days) <= 1


@given(st.dates(date(2026, 9, 20), date(2026, 12, 31)))
def test_a_good_trainee_stays_good_for_months(today: date):
    assert not has_errors(check(COLLECTION, document(), Context(today, LISTS)))


@given(ANY_TEXT)
def test_postcodes_are_judged_without_harm(typed: str):
    assert is_postcode(typed) in (True, False)


@given(st.permutations(sorted(UK_DEGREE)))
def test_the_order_of_answers_does_not_matter(names: list[str]):
    mine = document(degrees=[{n: UK_DEGREE[n] for n in names}], sex="77", email="x")
    plain = document(degrees=[UK_DEGREE], sex="77", email="x")
    known = Context(date(2026, 9, 20), LISTS)
    assert check(COLLECTION, mine, known) == check(COLLECTION, plain, known)
