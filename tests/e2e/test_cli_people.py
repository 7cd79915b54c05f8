"""`people` and `--person`: who does what, as people and scripts say it."""

import pytest

from tests.e2e.cli_world import new_cli, pulled


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A workspace that has read its portal, with Priya, who may everything, and Sam, who enters."""
    with pulled(tmp_path_factory.mktemp("people") / "ws") as (made, _):
        (me,) = made.ok("people")["people"]
        made.ok("people", "--change", me["name"], "--name", "Priya Nandakumar")
        made.ok("people", "--add", "Sam Ode", "--roles", "enter")
        yield made


def test_nobody_need_be_named(tmp_path):
    cli = new_cli(tmp_path / "ws")
    cli.init()
    listed = cli.ok("people")
    (only,) = listed["people"]
    assert (only["id"], only["roles"], listed["sits_here"]) == (
        "",
        ["enter", "send", "administer"],
        only["name"],
    )
    refused = cli("people", "--leave", only["name"])
    assert refused.code == 2
    assert "list of this workspace" in refused.error


def test_the_list_says_who_may_what(world):
    listed = world.ok("people")
    assert {p["name"]: p["roles"] for p in listed["people"] if not p["left"]} == {
        "Priya Nandakumar": ["enter", "send", "administer"],
        "Sam Ode": ["enter"],
    }
    assert listed["sits_here"] == "Priya Nandakumar"
    shown = world("people", as_json=False).out
    assert "Priya Nandakumar" in shown
    assert "sits here" in shown


@pytest.mark.parametrize(
    ("words", "env"), [(("--person", "sam ode"), {}), ((), {"HOLDFAST_PERSON": "Sam Ode"})]
)
def test_the_journal_names_who_was_named_for_this_run(world, words, env):
    ref = world.one()["id"]
    edited = world("set", "trainees", ref, "middle_names=Quill", *words, env=env)
    assert edited.code == 0, edited.out
    entries = world.ok("journal", ref, "--by", "sam ode")["entries"]
    assert {e["actor"] for e in entries} == {"Sam Ode"}
    assert entries[0]["event"] == "edited"
    assert world.ok("people")["sits_here"] == "Priya Nandakumar", "only for that run"
    world.ok("revert", "trainees", ref)


@pytest.mark.parametrize("verb", ["push", "sync", "backup", "connect", "people", "pause"])
def test_what_a_role_does_not_allow_is_refused_with_whom_to_ask(world, verb, tmp_path):
    words = {
        "backup": ("backup", str(tmp_path / "b")),
        "connect": ("connect", "trainees", "--portal", "https://example.org", "--token-env", "X"),
        "people": ("people", "--add", "Kim"),
    }.get(verb, (verb,))
    refused = world("--person", "Sam Ode", *words)
    assert refused.code == 2
    assert refused.error.startswith("Sam Ode can enter records, not ")
    assert refused.error.endswith("Ask Priya Nandakumar, who can.")


def test_an_unknown_name_names_those_there_are(world):
    for words, env in ((("--person", "Nobody"), {}), ((), {"HOLDFAST_PERSON": "Nobody"})):
        refused = world("status", *words, env=env)
        assert refused.code == 2
        assert "There are: Priya Nandakumar, Sam Ode." in refused.error
    assert world("--person").code == 2
    assert world("--person", "Sam Ode").code == 2, "the window asks for itself"


def test_somebody_leaves_and_comes_back(world):
    world.ok("people", "--add", "Kim Ferris")
    world.ok("people", "--sits-here", "Kim Ferris")
    assert world("people", "--leave", "Sam Ode").code == 2, "Kim does not look after people"
    world.ok("--person", "Priya Nandakumar", "people", "--leave", "Kim Ferris")
    listed = world.ok("people")
    assert listed["sits_here"] == "Priya Nandakumar"
    assert next(p["left"] for p in listed["people"] if p["name"] == "Kim Ferris")
    assert world("--person", "Kim Ferris", "status").code == 2
    world.ok("people", "--back", "Kim Ferris")
    world.ok("--person", "Kim Ferris", "status")
    world.ok("--person", "Priya Nandakumar", "people", "--leave", "Kim Ferris")
