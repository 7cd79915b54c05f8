"""Tables as SQLAlchemy sees them. The statements that make them are in `migrations`, numbered and frozen."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()

meta = Table("meta", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

records = Table(
    "records",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", Text, nullable=False),
    Column("collection", Text, nullable=False),
    Column("portal_id", Text),
    Column("pending", Text),  # Patch as JSON, NULL when nothing differs from the base
    Column("version", Integer, nullable=False),  # moves with every write; a stale write is refused
    Column("state", Text, nullable=False),
    Column("sync", Text, nullable=False),
    Column("errors", Integer),  # NULL = not checked since it came from the portal
    Column("missing", Integer, nullable=False),
    Column("label", Text, nullable=False),
    Column("sort", Text, nullable=False),
    Column("facets", Text, nullable=False),
    Column("refs", Text, nullable=False),  # the values by which a person may name it, as JSON
    Column("saved_at", Text),
    Column("saved_by", Text, nullable=False),
    Column("portal_version", Text, nullable=False),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("body", Text, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("key", Integer, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("collection", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("format", Integer, nullable=False),  # of payload (D27)
    Column("payload", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", Text),
    Column("not_before", Text),
    Column("reason", Text, nullable=False),
    Column("money", Integer, nullable=False),
    Column("rank", Integer, nullable=False),  # Change.rank, so that the order of sending is an index
)

conflicts = Table(
    "conflicts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("key", Integer, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("collection", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Column("candidates", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("mine_by", Text, nullable=False),
    Column("theirs_at", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

journal = Table(
    "journal",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("record_id", Text),
    Column("event", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

watermarks = Table(
    "watermarks",
    metadata,
    Column("collection", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("since", Text, nullable=False),
    Column("swept_at", Text, nullable=False),
)

portals = Table(
    "portals",
    metadata,
    Column("collection", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("token_source", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("since", Text),
    Column("detail", Text, nullable=False),
    Column("last_success", Text),
    Column("not_before", Text),
    Column("asked_to_wait", Integer, nullable=False),  # not_before is the portal's own Retry-After
    Column("failures", Integer, nullable=False),
    Column("paused", Integer, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("restored_at", Text),
)

tries = Table(
    "tries",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("collection", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("call", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("waiting", Integer, nullable=False),
)

aliases = Table(
    "aliases",
    metadata,
    Column("local_id", Text, primary_key=True),
    Column("portal_id", Text, nullable=False),
)

kept = Table(
    "kept",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
)
