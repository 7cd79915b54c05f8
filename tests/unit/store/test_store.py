"""The encrypted store: transactions, the journal's chain, migrations, locks, and files that are not ours."""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from desktop.model.errors import StoreDamaged, StoreError, StoreLocked, StoreMissing, StoreNewer
from desktop.store import backup, engine, migrations, schema, vault
from desktop.store.files import FolderLock
from desktop.store.store import DB_FILE, Store
from desktop.store.vault import new_data_key

KEY = new_data_key()
SECRET = "Quillfeather-Brandt"


@pytest.fixture
def store(tmp_path: Path):
    opened = Store.create(tmp_path, KEY, actor="Sam")
    yield opened
    opened.close()


def test_nothing_on_disk_can_be_read_without_the_key(store: Store, tmp_path: Path) -> None:
    with store.write() as unit:
        unit.journal.write("edited", None, {"name": SECRET})
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes(), path.name


def test_switches_took(store: Store) -> None:
    with store.write() as unit:
        ask = unit.connection.exec_driver_sql
        assert ask("PRAGMA journal_mode").scalar() == "wal"
        assert ask("PRAGMA foreign_keys").scalar() == 1
        assert ask("PRAGMA synchronous").scalar() == 2
    with store.write(durable=False) as unit:
        assert unit.connection.exec_driver_sql("PRAGMA synchronous").scalar() == 1


def test_leaving_with_an_error_rolls_everything_back(store: Store) -> None:
    def break_off_half_way() -> None:
        with store.write() as unit:
            unit.set_meta("organisation", "x")
            unit.journal.write("edited")
            unit.journal.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off_half_way()
    with store.read() as unit:
        assert unit.meta("organisation") is None
        assert unit.journal.entries() == []


def test_readers_see_the_last_commit_while_somebody_writes(store: Store) -> None:
    with store.write() as unit:
        unit.set_meta("a", "1")
    with store.write() as writer:
        writer.set_meta("a", "2")
        with store.read() as reader:
            assert reader.meta("a") == "1"


def test_listeners_hear_of_commits_only(store: Store) -> None:
    heard: list[set[str]] = []
    off = store.listen(lambda touched: heard.append(set(touched.records)))
    with store.write() as unit:
        unit.touched.records.add("r1")
        assert heard == []

    def break_off() -> None:
        with store.write() as unit:
            unit.touched.records.add("r2")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    off()
    with store.write() as unit:
        unit.touched.records.add("r3")
    assert heard == [{"r1"}]


class TestJournal:
    def test_rows_come_back_newest_first(self, store: Store) -> None:
        with store.write() as unit:
            unit.journal.write("added", "r1", {"n": 1})
            unit.journal.write("edited", "r2", {"n": 2})
        with store.read() as unit:
            assert [(e.seq, e.event, e.actor) for e in unit.journal.entries()] == [
                (2, "edited", "Sam"),
                (1, "added", "Sam"),
            ]
            assert [e.detail for e in unit.journal.entries("r1")] == [{"n": 1}]
            assert list(unit.journal.problems()) == []

    @pytest.mark.parametrize("statement", ["UPDATE journal SET event = 'x'", "DELETE FROM journal"])
    def test_the_database_refuses_to_change_it(self, store: Store, statement: str) -> None:
        with store.write() as unit:
            unit.journal.write("added")
        with pytest.raises(StoreError), store.write() as unit:
            unit.connection.exec_driver_sql(statement)

    @pytest.mark.parametrize(
        ("tamper", "said"),
        [
            ("UPDATE journal SET detail = '{}' WHERE seq = 2", "Journal row 2 was changed"),
            ("UPDATE journal SET at = '2020-01-01' WHERE seq = 3", "Journal row 3 was changed"),
            ("DELETE FROM journal WHERE seq = 2", "Journal rows 2 to 2 are missing"),
        ],
    )
    def test_the_chain_shows_what_went_round_the_triggers(self, store: Store, tamper: str, said: str) -> None:
        with store.write() as unit:
            for n in range(4):
                unit.journal.write("edited", None, {"n": n})
        with store.write() as unit:
            unit.connection.exec_driver_sql("DROP TRIGGER journal_fixed")
            unit.connection.exec_driver_sql("DROP TRIGGER journal_kept")
            unit.connection.exec_driver_sql(tamper)
        with store.read() as unit:
            assert any(p.startswith(said) for p in unit.journal.problems())


class TestOpening:
    def test_what_was_committed_is_there_again(self, tmp_path: Path) -> None:
        store = Store.create(tmp_path, KEY)
        with store.write() as unit:
            unit.set_meta("a", "1")
        store.close()
        again = Store.open(tmp_path, KEY)
        with again.read() as unit:
            assert unit.meta("a") == "1"
        again.close()

    def test_a_second_program_is_refused_and_let_in_afterwards(
        self, store: Store, tmp_path: Path, monkeypatch
    ) -> None:
        import desktop.store.store as module

        monkeypatch.setattr(module, "FolderLock", partial(FolderLock, wait_s=0.0))
        with pytest.raises(StoreLocked):
            Store.open(tmp_path, KEY)
        store.close()
        Store.open(tmp_path, KEY).close()

    def test_another_key_does_not_open_it(self, store: Store, tmp_path: Path) -> None:
        store.close()
        before = (tmp_path / DB_FILE).read_bytes()
        with pytest.raises(StoreDamaged):
            Store.open(tmp_path, new_data_key())
        assert (tmp_path / DB_FILE).read_bytes() == before

    @pytest.mark.parametrize("content", [b"", b"short", b"\0" * 8192, b"SQLite format 3\0" + b"\1" * 4096])
    def test_a_file_that_is_not_ours_is_left_as_it_is(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / DB_FILE).write_bytes(content)
        with pytest.raises(StoreDamaged):
            Store.open(tmp_path, KEY)
        assert (tmp_path / DB_FILE).read_bytes() == content

    def test_another_programs_database_is_left_as_it_is(self, tmp_path: Path) -> None:
        other = sqlite3.connect(tmp_path / DB_FILE)
        other.execute("CREATE TABLE t (a)")
        other.commit()
        other.close()
        before = (tmp_path / DB_FILE).read_bytes()
        with pytest.raises(StoreDamaged):
            Store.open(tmp_path, KEY)
        assert (tmp_path / DB_FILE).read_bytes() == before

    def test_a_folder_without_a_database_is_no_workspace(self, tmp_path: Path) -> None:
        with pytest.raises(StoreMissing):
            Store.open(tmp_path, KEY)

    def test_a_database_of_a_newer_program_is_refused_untouched(self, store: Store, tmp_path: Path) -> None:
        with store.write() as unit:
            unit.connection.exec_driver_sql("PRAGMA user_version = 999")
        store.close()
        with pytest.raises(StoreNewer):
            Store.open(tmp_path, KEY)


class TestMigrations:
    def test_an_older_file_is_backed_up_then_migrated(
        self, store: Store, tmp_path: Path, monkeypatch
    ) -> None:
        store.close()
        vault.write_slot(tmp_path, vault.wrap(KEY, "made up", "w"))
        more = (*migrations.MIGRATIONS, ("CREATE TABLE extra (a)",))
        monkeypatch.setattr(migrations, "MIGRATIONS", more)
        monkeypatch.setattr(migrations, "NEWEST", len(more))
        again = Store.open(tmp_path, KEY)
        with again.read() as unit:
            assert unit.connection.exec_driver_sql("SELECT count(*) FROM extra").scalar() == 0
            assert unit.connection.exec_driver_sql("PRAGMA user_version").scalar() == len(more)
        again.close()
        (made,) = backup.made_by_itself(tmp_path / "backups", "w")
        assert made.why == "before-upgrade"
        (tmp_path / "unpacked").mkdir()
        backup.unpack(backup.read(made.path, verify=True), tmp_path / "unpacked", lambda _: None)
        copy = engine.connect(tmp_path / "unpacked" / DB_FILE, KEY)
        assert copy.execute("PRAGMA user_version").fetchone()[0] == len(more) - 1
        copy.close()

    def test_a_migration_that_fails_leaves_the_old_file_whole(
        self, store: Store, tmp_path: Path, monkeypatch
    ) -> None:
        with store.write() as unit:
            unit.set_meta("a", "1")
        store.close()
        broken = (*migrations.MIGRATIONS, ("CREATE TABLE extra (a)", "THIS IS NOT SQL"))
        monkeypatch.setattr(migrations, "MIGRATIONS", broken)
        monkeypatch.setattr(migrations, "NEWEST", len(broken))
        with pytest.raises(StoreError):
            Store.open(tmp_path, KEY)
        monkeypatch.undo()
        again = Store.open(tmp_path, KEY)
        with again.read() as unit:
            assert unit.meta("a") == "1"
            tables = unit.connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE name = 'extra'"
            ).all()
        again.close()
        assert tables == []

    def test_the_tables_are_what_the_code_thinks(self, store: Store) -> None:
        with store.read() as unit:
            real = sa.inspect(unit.connection)
            for table in schema.metadata.sorted_tables:
                assert {c["name"] for c in real.get_columns(table.name)} == {c.name for c in table.columns}, (
                    table.name
                )
