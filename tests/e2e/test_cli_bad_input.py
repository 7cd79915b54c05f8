"""Nothing that is typed, however wrong, ends in a traceback or changes anything: exit 2 and one plain sentence."""

import json

import pytest

from tests.e2e.cli_world import new_cli, pulled


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def ref(cli):
    return cli.one()["id"]


@pytest.fixture(scope="module")
def cli(tmp_path_factory):
    with pulled(tmp_path_factory.mktemp("bad") / "ws") as (cli, portal):
        portal.stop()
        twins = [cli.new_trainee(provider_trainee_id="TWIN-1", first_names=n) for n in ("Una", "Ula")]
        for twin in twins:
            cli.ok("add", "trainees", "--from", "-", stdin=json.dumps(twin).encode())
        yield cli


@pytest.fixture
def _unchanged(cli):
    """Holds that the test changed nothing."""
    before = cli.content()
    yield
    assert cli.content() == before


USAGE = [
    ("no-such-verb",),
    ("list",),
    ("list", "nosuch"),
    ("list", "trainees", "--limit", "-1"),
    ("list", "trainees", "--limit", "x"),
    ("list", "trainees", "--limit", "1.5"),
    ("list", "trainees", "--offset", "٣x"),
    ("list", "trainees", "--filter", "nosuch=1"),
    ("list", "trainees", "--filter", "email"),
    ("list", "trainees", "--filter", "=x"),
    ("list", "trainees", "--filter", "sync=nonsense"),
    ("list", "trainees", "--filter", "state=nonsense"),
    ("list", "trainees", "--filter", "x'); DROP TABLE records; --=1"),
    ("list", "trainees", "--lim", "1"),
    ("list", "trainees", "extra"),
    ("show", "trainees"),
    ("show", "trainees", "nobody"),
    ("show", "trainees", ""),
    ("show", "trainees", "%"),
    ("show", "trainees", 'a","b'),
    ("show", "trainees", "TWIN-1"),
    ("show", "nosuch", "REF"),
    ("set", "trainees", "REF"),
    ("set", "trainees", "REF", "email"),
    ("set", "trainees", "REF", "=x"),
    ("set", "trainees", "REF", "nosuch=1"),
    ("set", "trainees", "REF", "trn=1234567"),
    ("set", "trainees", "REF", "email=a@example.org", "nosuch=1"),
    ("set", "trainees", "REF", "email=a@example.org", "email=b@example.org"),
    ("set", "trainees", "REF", "email=true"),
    ("set", "trainees", "REF", 'email={"a": 1}'),
    ("set", "trainees", "REF", "email=[1, 2]"),
    ("set", "trainees", "REF", "degrees=[]"),
    ("set", "trainees", "REF", "degrees.grade=01"),
    ("set", "trainees", "REF", "degrees.nobody.grade=01"),
    ("set", "trainees", "REF", "degrees.nobody.nosuch=01"),
    ("set", "trainees", "REF", "degrees..grade=01"),
    ("set", "trainees", "REF", "degrees-=nobody"),
    ("set", "trainees", "REF", "degrees+=nonsense"),
    ("set", "trainees", "REF", "degrees+=[]"),
    ("set", "trainees", "REF", 'degrees+={"nosuch": 1}'),
    ("set", "trainees", "REF", "email=broken\udcff"),
    ("set", "trainees", "REF", 'last_name="\\ud800"'),
    ("set", "trainees", "REF", "last_name=nul\0"),
    ("set", "trainees", "TWIN-1", "email=a@example.org"),
    ("act", "trainees", "REF", "nosuch"),
    ("act", "trainees", "REF", "defer", "nosuch=1"),
    ("act", "trainees", "REF", "defer", "defer_date"),
    ("act", "trainees", "nobody", "defer", "defer_date=2026-10-01"),
    ("revert", "trainees", "REF", "email"),
    ("discard", "trainees", "REF"),
    ("check", "nosuch"),
    ("check", "trainees", "nobody"),
    ("check", "trainees", "REF", "--from", "-"),
    ("check", "trainees", "--today", "yesterday"),
    ("check", "trainees", "--today", "2026-02-30"),
    ("check", "trainees", "--today", ""),
    ("check", "nosuch", "--from", "-"),
    ("check", "--from", "/nowhere/at/all.json"),
    ("check", "--from", "/"),
    ("add", "trainees"),
    ("add", "nosuch", "--from", "-"),
    ("add", "trainees", "--from", "/nowhere/at/all.json"),
    ("sync", "nosuch"),
    ("pull", "trainees", "extra"),
    ("take-back", "nobody"),
    ("resolve", "nobody", "--all", "mine"),
    ("resolve", "nobody", "email=mine"),
    ("resolve",),
    ("resolve", "x", "--all", "mine", "--keep-draft"),
    ("journal", "nobody"),
    ("evidence",),
    ("evidence", "--out", "evidence.txt"),
    ("evidence", "--out", "/nowhere/at/all/evidence.csv"),
    ("evidence", "--out", "/nowhere/at/all/evidence.pdf"),
    ("evidence", "--out", "evidence.csv", "--since", "yesterday"),
    ("evidence", "--out", "evidence.csv", "--until", "9999-12-31"),
    ("evidence", "--out", "evidence.csv", "--since", "0001-01-01"),
    ("journal", "--row", "x"),
    ("backup",),
    ("backup", "/nowhere/at/all/backup"),
    ("connect", "trainees"),
    ("connect", "trainees", "--portal", "https://portal.example"),
    ("connect", "trainees", "--portal", "ftp://portal.example", "--token-env", "T"),
    ("connect", "trainees", "--portal", "http://portal.example", "--token-env", "T"),
    ("connect", "trainees", "--portal", "https://[::1", "--token-env", "T"),
    ("connect", "trainees", "--portal", "https://a b.example", "--token-env", "T"),
    ("connect", "trainees", "--portal", "https://a..example", "--token-env", "T"),
    ("connect", "trainees", "--portal", "https://xn--a", "--token-env", "T"),
    ("connect", "trainees", "--portal", "https://-.example", "--token-env", "T"),
    ("connect", "trainees", "--portal", "https://%zz", "--token-env", "T"),
    ("connect", "trainees", "--portal", "https://me:secret@h.example", "--token-env", "T"),
    ("connect", "trainees", "--portal", "https://h.example/api/v2026.1", "--token-env", "T"),
    ("connect", "trainees", "--portal", "https://h.example?x=1", "--token-env", "T"),
    ("connect", "trainees", "--portal", "https://portal.example:99999", "--token-env", "T"),
    ("connect", "trainees", "--portal", "https://portal.example", "--token-env", ""),
    ("connect", "trainees", "--portal", "https://portal.example", "--token-env", "practice_0123-no-variable"),
    ("connect", "trainees", "--portal", "https://portal.example", "--token-env", "T", "--token-stdin"),
    (
        "connect",
        "trainees",
        "--portal",
        "https://portal.example",
        "--token-env",
        "T",
        "--insecure-token-file",
    ),
    ("connect", "nosuch", "--portal", "https://portal.example", "--token-env", "T"),
    ("connect", "trainees", "--portal", "https://portal.example", "--token-stdin"),  # an empty token
    ("import", "trainees", "file.csv"),
    ("export", "trainees", "bulk-add"),
    ("export", "trainees", "carrier-pigeon", "--out", "."),
    ("practice", "--port", "70000"),
    ("practice", "--size", "-1"),
    ("init", "--organisation", "", "--kind", "hei"),
    ("init", "--organisation", "X", "--kind", "castle"),
    ("init", "--organisation", "X\a", "--kind", "hei"),
    ("init", "--organisation", "X", "--kind", "hei", "--ukprn", "12"),
    ("init", "--organisation", "X", "--kind", "hei", "--urn", "abcdef"),
    ("init", "--kind", "hei"),
    ("--nosuch",),
    ("play",),
    (),
]


@pytest.mark.usefixtures("_unchanged")
@pytest.mark.parametrize("words", USAGE, ids=lambda words: ascii(" ".join(words))[:60])
def test_wrong_use_is_exit_2_with_one_error_and_changes_nothing(cli, ref, words):
    result = cli(*(ref if word == "REF" else word for word in words))
    assert result.code == 2, result.out
    assert set(result.json) == {"error"}
    assert result.error


@pytest.mark.parametrize("words", [("list",), ("show", "trainees", "nobody"), ("no-such-verb",)])
def test_without_json_the_error_is_one_line_on_stderr(cli, words):
    result = cli(*words, as_json=False)
    assert (result.code, result.out) == (2, "")
    assert len(result.err.splitlines()) == 1


DEEP = b"[" * 100_000 + b"]" * 100_000
BAD_JSON = {
    "empty": b"",
    "broken": b'{"last_name": ',
    "two objects": b"{} {}",
    "not UTF-8": b'{"last_name": "\xff\xfe"}',
    "UTF-16": '{"last_name": "Quarrington"}'.encode("utf-16"),
    "too deep": DEEP,
    "a deep value": b'{"last_name": ' + DEEP + b"}",
    "a list of numbers": b"[1]",
    "a text": b'"Quarrington"',
    "a number": b"7",
    "null": b"null",
    "NaN": b'{"course_year": NaN}',
    "too long a number": b'{"course_year": ' + b"9" * 5_000 + b"}",
    "unknown field": b'{"surname": "Quarrington"}',
    "a path as field": b'{"degrees.grade": "01"}',
    "true": b'{"last_name": true}',
    "an object as value": b'{"last_name": {"a": "b"}}',
    "numbers in a list": b'{"last_name": [1]}',
    "the same twice": b'{"last_name": "A", "last_name": "B"}',
    "children not in a list": b'{"degrees": {}}',
    "a child that is no object": b'{"degrees": ["01"]}',
    "unknown field of a child": b'{"degrees": [{"mark": 1}]}',
    "a list in a child": b'{"degrees": [{"grade": [["01"]]}]}',
    "half a character": b'{"last_name": "\\ud800"}',
    "half a character in a name": b'{"\\ud800": "x"}',
    "half a character in a child": b'{"degrees": [{"grade": "\\udfff"}]}',
}


@pytest.mark.usefixtures("_unchanged")
@pytest.mark.parametrize("raw", BAD_JSON.values(), ids=BAD_JSON)
@pytest.mark.parametrize("verb", ["add", "check"])
def test_json_that_cannot_be_a_record_is_exit_2(cli, files, verb, raw):
    source = files / "in.json"
    source.write_bytes(raw)
    for result in (
        cli(verb, "trainees", "--from", "-", stdin=raw),
        cli(verb, "trainees", "--from", str(source)),
    ):
        assert result.code == 2, result.out
        assert result.error


def test_a_source_without_end_is_refused(cli):
    result = cli("add", "trainees", "--from", "/dev/zero")
    assert result.code == 2
    assert "too large" in result.error


def test_an_error_never_repeats_what_the_record_holds(cli):
    raw = b'{"last_name": "Quarrington", "email": "zelda@mail.example", "surname": "x"}'
    result = cli("add", "trainees", "--from", "-", stdin=raw)
    assert result.code == 2
    assert "uarrington" not in result.out + result.err
    assert "zelda" not in result.out + result.err


WRONG_VALUES = {
    "an impossible day": ("itt_end_date=2027-02-30", "itt_end_date", "2027-02-30"),
    "no day at all": ("itt_end_date=soon", "itt_end_date", "soon"),
    "a code that is none": ("training_route=99", "training_route", "99"),
    "no number": ("course_year=second", "course_year", "second"),
    "half a number": ("course_year=1.5", "course_year", "1.5"),
    "a number too large to count with": ("course_year=" + "9" * 30, "course_year", "9" * 30),
    "a control character": ("last_name=Quar\arington", "last_name", "Quar\arington"),
    "a right-to-left mark": ("last_name=Quar\u202erington", "last_name", "Quar\u202erington"),
    "a required field cleared": ("email=", "email", None),
}


@pytest.mark.parametrize(("word", "field", "held"), WRONG_VALUES.values(), ids=WRONG_VALUES)
def test_a_value_that_breaks_a_rule_is_kept_as_typed_and_is_exit_1(cli, ref, word, field, held):
    result = cli("set", "trainees", ref, word)
    try:
        assert result.code == 1
        assert result.json["fields"].get(field) == held
        assert result.json["sync"] == "draft"
        assert field in [f["field"] for f in result.json["findings"] if f["severity"] == "error"]
    finally:
        cli.ok("revert", "trainees", ref)


def test_without_a_workspace_every_verb_that_needs_one_is_exit_4(tmp_path):
    cli = new_cli(tmp_path / "none")
    for words in (
        ["status"],
        ["queue"],
        ["list", "trainees"],
        ["sync"],
        ["doctor"],
        ["backup", str(tmp_path / "b")],
    ):
        result = cli(*words)
        assert result.code == 4
        assert "init" in result.error
    assert not (tmp_path / "none").exists()
