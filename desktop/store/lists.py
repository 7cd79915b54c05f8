"""Lists and searches: which records, in which order, how many, and one line of each, without their content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import sqlalchemy as sa

from desktop.model.ids import RecordId
from desktop.model.standing import Sync
from desktop.store import schema
from desktop.store.behind import CHUNK, Behind

_R = schema.records
_S = schema.snapshots

_REFERRED = sa.text("""
    SELECT key FROM records WHERE collection = :of AND id IN (SELECT value FROM json_each(:refs))
    UNION
    SELECT key FROM records WHERE collection = :of AND portal_id IN (SELECT value FROM json_each(:refs))
    UNION
    SELECT r.key FROM records r, json_each(r.refs) held
    WHERE r.collection = :of AND held.value IN (SELECT value FROM json_each(:refs))
    UNION
    SELECT key FROM records WHERE collection = :of AND
    CASE WHEN instr(sort, ', ') THEN substr(sort, 1, instr(sort, ', ') - 1) ELSE sort END
    IN (SELECT value FROM json_each(:names))
""")
WORK: sa.ColumnElement[bool] = sa.literal_column("records.sync <> 'clean'")
"""As the partial index says it, so that it is used."""


@dataclass(frozen=True)
class Line:
    """One line of a list, without the content."""

    key: int
    id: RecordId
    label: str
    portal_id: str | None
    sync: Sync
    state: str
    facets: Mapping[str, str | int | None]
    errors: int | None
    missing: bool


@dataclass(frozen=True)
class Question:
    """Which lines: the store's form of a record query. `facets` and `fields` map a name to the accepted values."""

    collection: str
    words: tuple[str, ...] = ()
    sync: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    money_only: bool = False
    errors_only: bool = False
    unready_only: bool = False
    sort: str = "label"
    descending: bool = False


class Lists:
    """Asks about many records at once. Writes nothing."""

    def __init__(self, behind: Behind) -> None:
        self._behind = behind

    @property
    def _connection(self) -> sa.Connection:
        return self._behind.connection

    def find(self, question: Question, limit: int = -1, offset: int = 0) -> list[int]:
        """Keys in the order asked for."""
        query = self._matching(sa.select(_R.c.key), question)
        order: list[Any] = [_sort_column(question.sort)]
        if question.sort != "label":
            order.append(_R.c.sort)
        ordered = [c.desc() for c in order] if question.descending else order
        query = query.order_by(*ordered, _R.c.key.desc() if question.descending else _R.c.key)
        return list(self._connection.scalars(query.limit(limit).offset(offset)))

    def count(self, question: Question) -> int:
        return int(self._connection.scalar(self._matching(sa.select(sa.func.count()), question)) or 0)

    def lines(self, keys: Sequence[int]) -> list[Line]:
        """Lines in the order of `keys`; keys that are no more are left out."""
        found: dict[int, Line] = {}
        names = ("key", "id", "label", "portal_id", "sync", "state", "facets", "errors", "missing")
        for start in range(0, len(keys), CHUNK):
            chunk = list(keys[start : start + CHUNK])
            for r in self._connection.execute(
                sa.select(*(_R.c[n] for n in names)).where(_R.c.key.in_(chunk))
            ):
                found[r.key] = Line(
                    r.key,
                    r.id,
                    r.label,
                    r.portal_id,
                    Sync(r.sync),
                    r.state,
                    orjson.loads(r.facets),
                    r.errors,
                    bool(r.missing),
                )
        return [found[k] for k in keys if k in found]

    def ids_of(self, keys: Sequence[int]) -> dict[int, tuple[RecordId, str]]:
        """Key -> (local id, collection), in the order of `keys`; keys that are no more are left out."""
        found: dict[int, tuple[RecordId, str]] = {}
        for start in range(0, len(keys), CHUNK):
            chunk = list(keys[start : start + CHUNK])
            query = sa.select(_R.c.key, _R.c.id, _R.c.collection).where(_R.c.key.in_(chunk))
            found |= {r.key: (RecordId(r.id), r.collection) for r in self._connection.execute(query)}
        return {key: found[key] for key in keys if key in found}

    def newest_version(self, collection: str, cycle: str, but: Iterable[str] = ()) -> str:
        """The newest version at the portal of a year's records that are just as it showed them; "" when there are none.

        `but` = states that do not count.
        """
        query = sa.select(sa.func.max(_R.c.portal_version)).where(
            _R.c.collection == collection,
            _facet("cycle").in_(_as_typed([cycle])),
            _R.c.missing == 0,
            _R.c.pending.is_(None),
            _R.c.state.not_in(tuple(but)),
        )
        return self._connection.scalar(query) or ""

    def matching_ref(self, collection: str, ref: str) -> list[tuple[RecordId, str]]:
        """(local id, label) of the records that carry `ref` as local id, portal id or one of their references."""
        rows = self._connection.execute(
            sa.select(_R.c.id, _R.c.label).where(
                _R.c.collection == collection, sa.or_(_R.c.id == ref, _R.c.portal_id == ref)
            )
        ).all()
        if not rows:
            wanted = orjson.dumps(ref).decode()
            rows = self._connection.execute(
                sa.select(_R.c.id, _R.c.label).where(
                    _R.c.collection == collection, sa.func.instr(_R.c.refs, wanted) > 0
                )
            ).all()
        return [(RecordId(r.id), r.label) for r in rows]

    def referred(self, collection: str, refs: Iterable[str], names: Iterable[str]) -> list[int]:
        """Keys of all records that one of `refs` may name, or that stand in lists under one of these (last) names.

        Read in one go for thousands of them: the caller looks which record carries which.
        """
        query = _REFERRED.bindparams(
            of=collection,
            refs=orjson.dumps(list(refs)).decode(),
            names=orjson.dumps([name.casefold() for name in names]).decode(),
        )
        return list(self._connection.scalars(query))

    # -- what a search over everything needs ----------------------------------------------------------

    def distinct_words(self) -> list[str]:
        """Every word of the index of names and references, in its order: folded, without diacritics."""
        connection = self._connection
        connection.exec_driver_sql(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab(main, words, row)"
        )
        return list(connection.exec_driver_sql("SELECT term FROM temp.vocabulary").scalars())

    def worded(self, collection: str, groups: Sequence[Iterable[str]], limit: int) -> list[int]:
        """Keys, in list order, of records with a word that begins like one of each group; a blank parts two words in a row."""
        match = " AND ".join("(" + " OR ".join(_beginning(w) for w in group) + ")" for group in groups)
        query = (
            sa.select(_R.c.key)
            .where(_R.c.collection == collection)
            .where(
                _R.c.key.in_(
                    sa.text("SELECT rowid FROM words WHERE words MATCH :match").bindparams(match=match)
                )
            )
            .order_by(_R.c.sort, _R.c.key)
        )
        return list(self._connection.scalars(query.limit(limit)))

    def portal_ids_from(self, collection: str, begin: str, limit: int) -> list[int]:
        """Keys of the records whose portal id begins so."""
        query = sa.select(_R.c.key).where(
            _R.c.collection == collection, _R.c.portal_id >= begin, _R.c.portal_id < begin + "\U0010ffff"
        )
        return list(self._connection.scalars(query.order_by(_R.c.portal_id).limit(limit)))

    def answers(self, collection: str, field_name: str) -> list[tuple[int, str]]:
        """(key, answer) of one field over a whole collection, in list order; blanks are left out. Reads every record."""
        held = _field(field_name)
        query = (
            sa.select(_R.c.key, held)
            .outerjoin(_S, _S.c.key == _R.c.key)
            .where(_R.c.collection == collection, held.is_not(None))
            .order_by(_R.c.sort, _R.c.key)
        )
        return [(key, answer) for key, answer in self._connection.execute(query) if answer]

    def open_standings(self, question: Question) -> dict[Sync, int]:
        """How many of the matching records stand how, of those that are not clean; costs what is open, not what is held."""
        query = self._matching(sa.select(_R.c.sync, sa.func.count()), question)
        # As the partial index says it, and by that index: the one of a facet would read every record of a year.
        query = query.where(WORK).group_by(_R.c.sync)
        query = query.with_hint(_R, "INDEXED BY records_open", "sqlite")
        return {Sync(s): n for s, n in self._connection.execute(query)}

    def among(self, question: Question, record_ids: Iterable[str]) -> set[RecordId]:
        """Those of these local ids whose records match."""
        wanted, found = list(record_ids), set[RecordId]()
        for start in range(0, len(wanted), CHUNK):
            some = sa.select(_R.c.key).where(_R.c.id.in_(wanted[start : start + CHUNK]))
            # By key: the index of a facet would be gone through whole for each chunk.
            query = self._matching(sa.select(_R.c.id), question).with_hint(_R, "NOT INDEXED", "sqlite")
            found |= set(
                self._connection.scalars(query.where(_R.c.key.in_(list(self._connection.scalars(some)))))
            )
        return found

    def standings(self, collection: str) -> dict[tuple[Sync, bool], int]:
        """(standing, has been at the portal) -> how many records."""
        there = _R.c.portal_id.is_not(None)
        query = (
            sa.select(_R.c.sync, there, sa.func.count())
            .where(_R.c.collection == collection)
            .group_by(_R.c.sync, there)
        )
        return {(Sync(s), bool(t)): n for s, t, n in self._connection.execute(query)}

    def facet_values(self, collection: str, name: str) -> dict[str | int | None, int]:
        """The values that a facet takes, with how many records have each."""
        column = _facet(name)
        query = sa.select(column, sa.func.count()).where(_R.c.collection == collection).group_by(column)
        return dict(self._connection.execute(query).tuples().all())

    def _matching(self, query: sa.Select[Any], question: Question) -> sa.Select[Any]:
        query = query.where(_R.c.collection == question.collection)
        query = query.where(*_marks(question))
        for name, values in question.facets.items():
            query = query.where(_facet(name).in_(_as_typed(values)))
        if question.fields:
            query = query.outerjoin(_S, _S.c.key == _R.c.key)
            for name, values in question.fields.items():
                held = _field(name)
                empty = held.is_(None) if "" in values else sa.false()
                query = query.where(sa.or_(held.in_(values), empty))
        if question.words:
            match = " AND ".join(f'"{w}"*' for w in (w.replace('"', "") for w in question.words) if w)
            if match:
                query = query.where(
                    _R.c.key.in_(
                        sa.text("SELECT rowid FROM words WHERE words MATCH :match").bindparams(match=match)
                    )
                )
        return query


def _marks(question: Question) -> Iterator[sa.ColumnElement[bool]]:
    """What a question asks of the columns that every record has."""
    if question.sync:
        yield _R.c.sync.in_(question.sync)
        if Sync.CLEAN not in question.sync:
            yield WORK
    if question.state:
        yield _R.c.state.in_(question.state)
    if question.money_only:
        yield _facet("money") > 0
    if question.errors_only:
        yield _R.c.errors > 0
    if question.unready_only:
        yield sa.or_(WORK, _R.c.errors > 0)


def _sort_column(name: str) -> Any:
    plain = {"label": _R.c.sort, "sync": _R.c.sync, "state": _R.c.state, "updated": _R.c.portal_version}
    return plain[name] if name in plain else _facet(name)


def _facet(name: str) -> sa.ColumnElement[Any]:
    """Exactly the expression of the facet indexes (see Store), so that they are used."""
    if not name.isidentifier():
        raise ValueError("not a facet name")
    return sa.literal_column(f"json_extract(records.facets, '$.{name}')")


def _field(name: str) -> sa.ColumnElement[Any]:
    """The local value of a scalar field: pending where it has one, else the base."""
    if not name.isidentifier():
        raise ValueError("not a field name")
    path = f"$.fields.{name}"
    return sa.literal_column(
        f"CAST(CASE WHEN json_type(records.pending, '{path}') IS NOT NULL THEN json_extract(records.pending, '{path}') "
        f"ELSE json_extract(snapshots.body, '{path}') END AS TEXT)"
    )


def _beginning(words: str) -> str:
    """How the index is asked for a word that begins so; of several words in a row, the last."""
    return '"' + words.replace('"', "") + '"*'


def _as_typed(values: Iterable[str]) -> list[str | int]:
    """A facet may be kept as a number or as text: accept both forms of what was asked."""
    typed: list[str | int] = []
    for value in values:
        typed.append(value)
        if value.isascii() and value.isdigit() and (value == "0" or not value.startswith("0")):
            typed.append(int(value))
    return typed
