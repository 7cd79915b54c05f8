"""The screens, in the order of the rail. A screen's module is imported when it is first shown, which keeps the start short."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.ui.page import Context, Page, PageSpec


def _home(context: Context) -> Page:
    from desktop.ui.home.page import HomePage

    return HomePage(context)


def _records(context: Context) -> Page:
    from desktop.ui.records.page import RecordsPage

    return RecordsPage(context)


def _record(context: Context) -> Page:
    from desktop.ui.record.page import RecordPage

    return RecordPage(context)


def _needs(context: Context) -> Page:
    from desktop.ui.needs.page import NeedsPage

    return NeedsPage(context)


def _waiting(context: Context) -> Page:
    from desktop.ui.waiting.page import WaitingPage

    return WaitingPage(context)


def _checks(context: Context) -> Page:
    from desktop.ui.checks.page import ChecksPage

    return ChecksPage(context)


def _handover(context: Context) -> Page:
    from desktop.ui.handover.page import HandoverPage

    return HandoverPage(context)


def _activity(context: Context) -> Page:
    from desktop.ui.activity.page import ActivityPage

    return ActivityPage(context)


def _keying(context: Context) -> Page:
    from desktop.ui.keying.page import KeyingPage

    return KeyingPage(context)


def _payments(context: Context) -> Page:
    from desktop.ui.payments.page import PaymentsPage

    return PaymentsPage(context)


def _share(context: Context) -> Page:
    from desktop.ui.share.page import SharePage

    return SharePage(context)


def _sign_off(context: Context) -> Page:
    from desktop.ui.sign_off.page import SignOffPage

    return SignOffPage(context)


def _search(context: Context) -> Page:
    from desktop.ui.search.page import SearchPage

    return SearchPage(context)


def _deadlines(context: Context) -> Page:
    from desktop.ui.deadlines.page import DeadlinesPage

    return DeadlinesPage(context)


def _settings(context: Context) -> Page:
    from desktop.ui.settings.page import SettingsPage

    return SettingsPage(context)


def page_specs() -> Sequence[PageSpec]:
    """All screens; those with `rail` False have no item of their own and mark the one they are `under`."""
    return (
        PageSpec("home", "Home", "house", _home, words=("start", "overview")),
        PageSpec("records", "Records", "table-2", _records, words=("list", "table", "trainees")),
        PageSpec("needs", "Needs you", "hand", _needs, words=("conflicts", "refused", "unknown", "decide")),
        PageSpec("waiting", "Waiting", "clock", _waiting, words=("queue", "send")),
        PageSpec("checks", "Checks", "list-checks", _checks, words=("findings", "errors", "put right")),
        PageSpec(
            "handover", "Hand-over", "file-output", _handover, words=("file", "export", "upload", "csv")
        ),
        PageSpec("activity", "Activity", "activity", _activity, words=("history", "evidence", "outage")),
        PageSpec(
            "deadlines",
            "Deadlines",
            "calendar",
            _deadlines,
            rail=False,
            under="home",
            words=("census", "dates", "days left"),
        ),
        PageSpec(
            "keying",
            "Type on the website",
            "pencil-line",
            _keying,
            rail=False,
            under="handover",
            words=("keying", "by hand", "sheet", "delete", "reinstate", "withdrawn by mistake", "register"),
        ),
        PageSpec(
            "payments",
            "Payments",
            "wallet",
            _payments,
            rail=False,
            under="handover",
            words=("bursary", "funding", "paid", "reconcile", "scholarship", "grant"),
        ),
        PageSpec(
            "share",
            "Share with colleagues",
            "users",
            _share,
            rail=False,
            under="handover",
            words=("change file", "exchange", "shared folder", "colleague", "team", "other computer"),
        ),
        PageSpec(
            "sign_off",
            "Sign-off",
            "shield-check",
            _sign_off,
            rail=False,
            under="handover",
            words=("census", "performance profile", "signed", "checklist", "missing"),
        ),
        PageSpec(
            "search", "Search", "search", _search, rail=False, under="records", words=("find", "anybody")
        ),
        PageSpec(
            "settings",
            "Settings",
            "settings",
            _settings,
            rail=False,
            words=("portal", "token", "look", "colours", "text size", "lock", "passphrase", "backup"),
        ),
        PageSpec("record", "Record", "users", _record, rail=False, under="records"),
    )
