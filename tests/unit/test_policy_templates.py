"""What IT gets to manage Holdfast with says the same as the program: the ADMX, the sample file, the page of docs."""

import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from desktop.policy import KEYS, REGISTRY_KEY, Kind, understood
from tests.publishing import script

templates = script("policy/templates.py")
SPACE = {"p": "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"}
PAGE = Path(__file__).parent.parent.parent / "docs" / "policy.md"


@pytest.fixture(scope="module")
def definitions():
    return ET.fromstring(templates.admx())


@pytest.fixture(scope="module")
def words():
    return ET.fromstring(templates.adml())


def test_every_setting_is_a_policy_of_the_machine(definitions):
    found = definitions.findall(".//p:policy", SPACE)
    assert [one.get("name") for one in found] == [key.name for key in KEYS]
    assert {(one.get("class"), one.get("key")) for one in found} == {("Machine", REGISTRY_KEY)}


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_a_value_that_the_template_lets_through_is_understood(definitions, key):
    policy = definitions.find(f".//p:policy[@name='{key.name}']", SPACE)
    if key.kind is Kind.YES_NO:
        given = [one.get("value") for one in policy.findall(".//p:decimal", SPACE)]
    elif key.kind is Kind.WHOLE:
        (element,) = policy.findall(".//p:decimal", SPACE)
        given = [int(element.get("minValue")), int(element.get("maxValue"))]
    elif key.kind is Kind.CHOICE:
        given = [one.text for one in policy.findall(".//p:value/p:string", SPACE)]
    else:
        given = [str(PAGE)]
    assert given
    for value in given:
        assert not understood({key.name: value}, "").wrong


def test_every_word_that_is_asked_for_is_there(definitions, words):
    there = {one.get("id") for one in words.findall(".//p:string", SPACE)}
    shown = {one.get("id") for one in words.findall(".//p:presentation", SPACE)}
    asked = [value for one in definitions.iter() for value in one.attrib.values() if value.startswith("$(")]
    assert asked
    for one in asked:
        kind, _, name = one[2:-1].partition(".")
        assert name in (there if kind == "string" else shown)


def test_the_sample_file_is_understood_whole():
    whole = "\n".join(line.removeprefix("# ") for line in templates.sample().splitlines() if " = " in line)
    found = understood(tomllib.loads(whole), "")
    assert not found.wrong
    assert set(found.values) == {key.name for key in KEYS}


def test_the_page_of_docs_is_this_table(monkeypatch):
    monkeypatch.setattr(templates, "LINUX_FILE", "/etc/holdfast/policy.toml")
    monkeypatch.setattr(
        templates, "MACOS_FILE", "/Library/Managed Preferences/uk.org.holdfast.Holdfast.plist"
    )
    assert PAGE.read_text(encoding="utf-8") == templates.page()
