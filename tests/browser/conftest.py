"""A real browser without a window, on the practice portal's web pages, beside a real workspace (`desk`)."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.fault.conftest import Desk, desk, shared

__all__ = ["desk", "shared"]

T = TypeVar("T")
WAIT_S = 20
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-proxy-server",
    "--window-size=1200,1000",
)


def _installed(*names: str) -> str:
    return next((found for name in names if (found := shutil.which(name))), "")


@dataclass
class Web:
    """Somebody at the browser: finds things by their words, as people do."""

    driver: webdriver.Chrome
    root: str
    downloads: Path

    def open(self, path: str = "/") -> None:
        self.driver.get(self.root + path)

    def sign_in(self, who: str = "university") -> None:
        self.open()
        self.driver.find_element(By.CSS_SELECTOR, f"input[value={who}]").click()
        self.press("Sign in")

    @property
    def heading(self) -> str:
        return self.driver.find_element(By.TAG_NAME, "h1").text.splitlines()[-1]

    @property
    def words(self) -> str:
        return self.driver.find_element(By.TAG_NAME, "body").text

    def follow(self, words: str) -> None:
        """Follow a link to another page."""
        self._leave(self.driver.find_element(By.LINK_TEXT, words))

    def press(self, words: str) -> None:
        """Press a button that leads to another page."""
        self._leave(self.driver.find_element(By.XPATH, f"//button[normalize-space()='{words}']"))

    def jump(self, words: str) -> WebElement:
        """Follow a link within the page; where the keyboard is then."""
        self.driver.find_element(By.LINK_TEXT, words).click()
        return self.driver.switch_to.active_element

    def _leave(self, thing: WebElement) -> None:
        page = self.driver.find_element(By.TAG_NAME, "html")
        thing.click()
        self.until(lambda: self.driver.find_element(By.TAG_NAME, "html") != page)

    def type(self, label: str, words: str) -> None:
        """Type into the field with this label."""
        found = self.driver.find_element(By.XPATH, f"//label[normalize-space()='{label}']")
        box = self.driver.find_element(By.ID, found.get_attribute("for") or "")
        if box.get_attribute("type") != "file":
            box.clear()
        box.send_keys(words)

    def type_day(self, legend: str, day: str) -> None:
        """Type a day (ISO) into the three fields under this legend."""
        group = self.driver.find_element(By.XPATH, f"//fieldset[legend[normalize-space()='{legend}']]")
        boxes = group.find_elements(By.TAG_NAME, "input")
        for box, part in zip(boxes, reversed(day.split("-")), strict=True):
            box.clear()
            box.send_keys(part)

    def choose(self, words: str, under: str = "") -> None:
        """Choose a radio button or a tick box by its label; `under` = the legend of its question."""
        group = f'//fieldset[legend[normalize-space()="{under}"]]' if under else ""
        self.driver.find_element(By.XPATH, f'{group}//label[normalize-space()="{words}"]').click()

    def upload(self, kind: str, path: Path) -> None:
        """Upload a file on one of the three pages."""
        self.open(f"/bulk-update/{kind}")
        self.type("Upload a CSV file", str(path))
        self.press("Upload file")

    def download(self, words: str) -> Path:
        """Follow a link to a file; where the browser put it."""
        before = set(self.downloads.iterdir())
        self.driver.find_element(By.LINK_TEXT, words).click()
        return self.until(lambda: self._arrived(before))

    def _arrived(self, before: set[Path]) -> Path | None:
        new = set(self.downloads.iterdir()) - before
        whole = [path for path in new if path.suffix == ".csv"]
        return whole[0] if len(whole) == len(new) == 1 else None

    def until(self, found: Callable[[], T | None]) -> T:
        return WebDriverWait(self.driver, WAIT_S, poll_frequency=0.05).until(lambda _: found() or False)


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[webdriver.Chrome, Path]]:
    """One browser for all tests of a process, and the folder of its downloads."""
    browser, chromedriver = _installed(*_BROWSERS), _installed("chromedriver")
    if not (browser and chromedriver):
        reason = "NO BROWSER: the web pages were not tested. Install chromium and chromium-driver (see .ci/browser.sh)"
        sys.stderr.write(f"\n{reason}\n")
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("browser")
    downloads = folder / "downloads"
    downloads.mkdir()
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for flag in (*_FLAGS, f"--user-data-dir={folder / 'profile'}"):
        options.add_argument(flag)
    wishes = {"download.default_directory": str(downloads), "download.prompt_for_download": False}
    options.add_experimental_option("prefs", wishes)
    # The driver that is here, never one from elsewhere.
    service = Service(executable_path=chromedriver, env={**os.environ, "SE_OFFLINE": "true"})
    started = webdriver.Chrome(options=options, service=service)
    started.set_page_load_timeout(WAIT_S)
    yield started, downloads
    started.quit()


@pytest.fixture
def web(driver: tuple[webdriver.Chrome, Path], desk: Desk) -> Web:
    """The browser, signed in at the desk's portal, with an empty folder of downloads."""
    browser, downloads = driver
    for path in downloads.iterdir():
        path.unlink()
    browser.delete_all_cookies()
    made = Web(browser, desk.portal.register_url, downloads)
    made.sign_in()
    return made
