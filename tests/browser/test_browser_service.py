"""`examples/browser_service` in a real browser: `make test-browser`, which needs Debian's package `chromium`."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from examples.server import AGENT
from tests.support.network import How, Request, refusing_url
from tests.support.proxy import Cut, FaultProxy, Plan

KEY = "a-secret-api-key"
TEXT = "Tea is a drink, äöü and 茶 included; so is coffee."
HOWS: tuple[How, ...] = ("fin", "rst")


class BetweenBrowserAndService(FaultProxy):
    """Keeps all that the service sent to the browser."""

    def __init__(self, upstream: str, plan: Plan = ()) -> None:
        super().__init__(upstream, plan)
        self.sent = bytearray()

    def watcher(self, _request: Request) -> Callable[[bytes], None]:
        return self.sent.extend


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = shutil.which("chromium")
        assert path, "this needs chromium: apt-get install chromium"
        # The sandbox of Chromium does not run as root, as tests in containers do.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--no-proxy-server"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    errors: list[object] = []
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.on("pageerror", lambda error: errors.append(error))  # noqa: PLW0108 - Playwright marks it
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def serve() -> Iterator[Callable[[str], str]]:
    """Starts the service for a LangGraph server, and returns its URL."""
    running: list[subprocess.Popen[str]] = []

    def serve(langgraph_url: str) -> str:
        service = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "uvicorn",
                "service:app",
                "--port",
                "0",
                "--app-dir",
                AGENT.parent / "browser_service",
            ],
            env=os.environ | {"LANGGRAPH_API_URL": langgraph_url, "LANGGRAPH_API_KEY": KEY},
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(service)
        assert service.stderr
        return next(line.split(" on ")[1].split()[0] for line in service.stderr if "running on" in line)

    yield serve
    for service in running:
        service.kill()
        service.communicate()


def test_tokens_appear_one_by_one_and_a_question_is_answered(
    page: Page, serve: Callable[[str], str], server_url: str
) -> None:
    page.goto(serve(server_url))
    page.evaluate(
        "() => new MutationObserver(() => (window.seen ??= []).push(chat.lastChild.textContent))"
        ".observe(chat, {childList: true, subtree: true})"
    )
    say(page, TEXT)
    expect(lines(page)).to_have_text([TEXT, f"You said: {TEXT}"], timeout=30_000)
    seen = page.evaluate("window.seen")
    assert len(seen) > 10
    assert all(f"You said: {TEXT}".startswith(text) for text in seen[1:])

    say(page, "order tea")
    expect(lines(page).last).to_have_text("Order tea?", timeout=30_000)
    say(page, "yes")
    expect(lines(page).last).to_have_text("Ordered: tea.", timeout=30_000)


def test_a_connection_that_is_cut_loses_and_doubles_nothing(
    page: Page, serve: Callable[[str], str], server_url: str
) -> None:
    chance = random.Random(5)
    cuts = [Cut(chance.randrange(2_000), how=HOWS[i % 2]) for i in range(16)]
    cuts[3:3] = [Cut(of="answer", how="rst"), Cut(of="request", how="fin")]  # what reconnects may fail, too
    left = iter(cuts)
    with BetweenBrowserAndService(
        serve(server_url), lambda request: next(left, None) if request.path.endswith("/events") else None
    ) as proxy:
        page.goto(proxy.url)
        for text in (TEXT, 5 * TEXT):  # tokens without pauses between them share ids
            say(page, text)
            expect(lines(page).last).to_have_text(f"You said: {text}", timeout=60_000)
        joined = [
            request.headers.get("last-event-id") for request in proxy.requests if request.path.endswith("/events")
        ]
    assert proxy.cuts >= 5
    assert len(joined) >= 7
    assert sum(id is not None for id in joined) >= 5


def test_the_api_key_never_reaches_the_page(page: Page, serve: Callable[[str], str], server_url: str) -> None:
    with BetweenBrowserAndService(serve(server_url)) as proxy:
        page.goto(proxy.url)
        say(page, TEXT)
        expect(lines(page).last).to_have_text(f"You said: {TEXT}", timeout=30_000)
        assert page.evaluate("document.cookie") == ""  # the thread's id is for the service alone
    with refusing_url() as nowhere, BetweenBrowserAndService(serve(nowhere)) as broken:
        page.goto(broken.url)
        say(page, TEXT)
        expect(lines(page).last).to_have_text("That did not get through.", timeout=60_000)
    assert b"event: token" in proxy.sent
    assert b"502" in broken.sent
    assert KEY.encode() not in proxy.sent + broken.sent


def say(page: Page, text: str) -> None:
    page.get_by_label("Message").fill(text)
    page.get_by_role("button").click()


def lines(page: Page) -> Locator:
    return page.locator("#chat p")
