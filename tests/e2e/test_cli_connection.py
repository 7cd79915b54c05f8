"""`holdfast connection`: the steps to a portal, in words and as JSON."""

import pytest

from tests.e2e.cli_world import pulled


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with pulled(tmp_path_factory.mktemp("world") / "ws") as (cli, portal):
        yield cli, portal


def test_a_way_that_is_whole_is_exit_0(world):
    cli, _portal = world
    steps = cli.ok("connection")["steps"]
    assert [(one["step"], one["passed"]) for one in steps] == [
        ("proxy", "left out"),
        ("name", "left out"),
        ("reach", "yes"),
        ("portal", "yes"),
    ]
    told = cli("connection", as_json=False).out.splitlines()
    assert told[-1] == "works  Register answers and takes the access token."


def test_a_portal_that_is_down_is_exit_3_and_says_what_to_do(world):
    cli, portal = world
    portal.control.fault("unavailable")
    result = cli("connection", as_json=False)
    portal.control.fault("up")
    assert result.code == 3
    assert "FAILS" in result.out
    assert "Nothing is wrong on this side." in result.out


def test_a_collection_without_a_portal_is_usage(world):
    cli, _portal = world
    assert cli("connection", "ects").code == 2
    assert cli("connection", "planets").code == 2
