"""Help: offline, searchable, its links lead somewhere, and the keys are those of the screens."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl

from desktop import paths
from desktop.ui.help import library
from desktop.ui.help.keys import ScreenKeys, keys_page
from desktop.ui.help.window import HelpWindow, PageView
from desktop.ui.pages import page_specs
from desktop.ui.shell.keys import EVERYWHERE
from tests.guide import text as guide_text

GUIDE = Path(__file__).parents[2] / "docs" / "guide"


def test_every_file_is_a_page_and_every_page_a_file():
    folder = paths.resources() / "help"
    assert sorted(library.ORDER) == sorted(path.stem for path in folder.glob("*.md"))


def test_links_lead_to_pages():
    names = {f"{page.name}.md" for page in library.pages()} | {f"{library.KEYS}.md"}
    assert {link for page in library.pages() for link in page.links} <= names


def test_every_page_has_a_title_of_its_own_and_says_something():
    titles = [page.title for page in library.pages()]
    assert len(set(titles)) == len(titles)
    assert all(len(page.text.split()) > 80 for page in library.pages())


def test_every_screen_has_its_page():
    assert {spec.name for spec in page_specs()} <= library.SCREENS.keys()
    assert set(library.SCREENS.values()) <= set(library.ORDER)


def test_pictures_are_for_the_guide_only():
    page = library.page("the-portal-is-down")
    assert page is not None
    assert "![Waiting, while the portal is down](images/waiting.png)" in page.guide
    assert "picture" not in page.text
    assert page.pictures == ["waiting"]


def test_search_finds_all_words_and_titles_first():
    found = library.matching("census deadline")
    assert found[0].name == "deadline-tomorrow"
    assert library.matching("nosuchword census") == []
    assert library.matching("PASSPHRASE forgot")[0].name == "i-forgot-the-passphrase"


def test_the_keys_are_written_from_the_lines_of_the_screens():
    text = keys_page([ScreenKeys("needs", "Needs you", (("1", "Keep yours"),)), ScreenKeys("x", "Bare", ())])
    assert "| 1 | Keep yours |" in text
    assert "Bare" not in text
    assert all(f"| {keys} | {what} |" in text for keys, what in EVERYWHERE)


def test_nothing_is_fetched(qtbot):
    view = PageView()
    qtbot.addWidget(view)
    view.show_text("![a](http://127.0.0.1:9/a.png) [b](http://127.0.0.1:9/b)")
    assert view.loadResource(2, QUrl("file:///etc/hostname")) is None
    assert not view.openLinks()


# -- in the window -----------------------------------------------------------------------------------------


def opened(qtbot, window, key, modifier=Qt.KeyboardModifier.NoModifier):
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, key, modifier)
    found = window.findChild(HelpWindow)
    assert found is not None
    return found


def test_f1_shows_help_on_this_screen_with_its_keys(qtbot, window):
    window.go("waiting")
    found = opened(qtbot, window, Qt.Key.Key_F1)
    assert found.isVisible()
    assert not found.isModal()
    assert found.here == "the-portal-is-down"
    text = found.view.toPlainText()
    assert "The portal is down" in text
    lines = window.stack.page.keys()
    assert all(what in text for _, what in lines)


def test_f1_again_follows_to_another_screen(qtbot, window, settle):
    window.go("waiting")
    found = opened(qtbot, window, Qt.Key.Key_F1)
    window.go("needs")
    settle(window)
    assert opened(qtbot, window, Qt.Key.Key_F1) is found
    assert found.here == "two-of-us-changed-the-same-trainee"


def test_all_keys_has_the_keys_of_every_screen(qtbot, window, settle):
    found = opened(qtbot, window, Qt.Key.Key_Slash, Qt.KeyboardModifier.ControlModifier)
    assert found.here == library.KEYS
    last = [page for _, page in window.stack.every() if page.keys()][-1]
    qtbot.waitUntil(lambda: last.keys()[-1][1] in found.view.toPlainText())
    text = found.view.toPlainText()
    for _, page in window.stack.every():
        lines = page.keys()
        assert all(what in text for _, what in lines)
    settle(window)


def test_links_go_on_and_back_returns(qtbot, window):
    window.go("waiting")
    found = opened(qtbot, window, Qt.Key.Key_F1)
    assert not found.back.isEnabled()
    found.view.anchorClicked.emit(QUrl("proof-of-an-outage.md"))
    assert found.here == "proof-of-an-outage"
    qtbot.waitUntil(found.isActiveWindow)
    qtbot.keyClick(found, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert found.here == "the-portal-is-down"
    found.view.anchorClicked.emit(QUrl("http://127.0.0.1:9/elsewhere"))
    assert found.here == "the-portal-is-down"


def test_help_is_searched_by_keyboard(qtbot, window):
    found = opened(qtbot, window, Qt.Key.Key_F1)
    found.field.setFocus()
    qtbot.keyClicks(found.field, "forgot passphrase")
    assert found.here == "i-forgot-the-passphrase"
    assert found.list.count() == 1
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    assert found.isVisible()
    found.field.setText("nosuchword")
    assert found.none.isVisible()
    assert found.none.text() == "No page has all these words."


# -- the guide on the web ----------------------------------------------------------------------------------


def test_the_guide_is_made_of_the_same_words():
    for name, words in guide_text.files().items():
        assert (GUIDE / name).read_text(encoding="utf-8") == words, f"{name}: run make screenshots"


def test_the_guide_has_its_pictures_and_they_are_small():
    wanted = {f"{name}.png" for page in library.pages() for name in page.pictures}
    there = {path.name: path.stat().st_size for path in (GUIDE / "images").glob("*.png")}
    assert wanted == there.keys()
    assert sum(there.values()) < 3_000_000


def test_the_keys_of_the_guide_name_every_screen_with_keys(window):
    told = (GUIDE / f"{library.KEYS}.md").read_text(encoding="utf-8")
    assert all(f"## {spec.title}\n" in told for spec, page in window.stack.every() if page.keys())
