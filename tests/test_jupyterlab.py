"""The transcription view as a person uses it: in JupyterLab, by keyboard and mouse, the sheet on disk."""

import csv
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import nbformat
import pytest
from conftest import CHROMIUM, PATIENCE

from helpers import paths

pytestmark = [pytest.mark.slow, pytest.mark.browser]

if not CHROMIUM:
    pytest.skip("needs Chromium", allow_module_level=True)

from axe_playwright_python.sync_playwright import Axe  # noqa: E402
from playwright.sync_api import expect  # noqa: E402

expect.set_options(timeout=PATIENCE)
RUN = "window.jupyterapp.commands.execute"
KERNEL = "window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel"
CELLS = [
    "from pathlib import Path\nfrom helpers.transcribing import workbench",
    'workbench.transcribe("bench", Path("raw"))',
    "# a cell that must still be there",
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab of its own: the folder that it serves, its address and its token."""
    folder = tmp_path_factory.mktemp("lab")
    settings = folder / "config" / "labconfig"
    settings.mkdir(parents=True)
    news = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    (settings / "page_config.json").write_text(json.dumps(news), encoding="utf-8")
    (folder / "served").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    own = {
        name: str(folder / name.lower())
        for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")
    }  # fmt: skip
    own |= {"JUPYTER_CONFIG_DIR": str(folder / "config"), "PYTHONPATH": str(paths.ROOT / "src")}
    with open(folder / "log", "wb") as log:
        server = subprocess.Popen(
            [
                sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser",
                "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
                f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder / 'served'}",
                "--LabApp.extension_manager=readonly",
            ],
            env=os.environ | own, stdout=log, stderr=log,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{address}/api?token={token}", timeout=5)
                break
            except (urllib.error.URLError, OSError):
                assert server.poll() is None, (folder / "log").read_text(encoding="utf-8")
                time.sleep(0.25)
        yield folder / "served", address, token
    finally:
        server.terminate()
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:  # seen once: it hung after its last kernel had gone
            server.kill()
            server.wait()


class Desk:
    """A notebook that shows the view, and the sheet under it."""

    def __init__(self, page, sheet):
        self.page, self.sheet = page, sheet
        self.view = page.locator(".workbench").first
        page.set_default_timeout(PATIENCE)

    def rows(self):
        with open(self.sheet, newline="", encoding="utf-8") as handle:
            return list(csv.DictReader(handle))

    def press(self, *keys, wait=None):
        # JupyterLab passes the focus on when a cell becomes the active one: no key may come before that
        self.page.wait_for_function(
            "view => view.contains(document.activeElement)", arg=self.view.element_handle()
        )
        if wait:  # words that stand there already would be taken for the answer
            assert wait not in self.view.locator(".said").text_content()
        for key in keys:
            self.page.keyboard.press(key)
        if wait:
            self.says(wait)

    def says(self, words):
        expect(self.view.locator(".said")).to_contain_text(words)

    def mark(self, number):
        return self.view.locator(".text .mark").nth(number)

    def go(self, number):
        """Click a numeral, so that it has the keys."""
        self.take(self.mark(number))

    def take(self, mark):
        """Click a mark, and wait until it is the current one: the press of the button alone gives it the focus."""
        mark.click()
        expect(mark).to_have_attribute("aria-current", "true")
        expect(mark).to_be_focused()

    def drag(self, end, midway=lambda: None):
        """Select the first line of the text by mouse, up to a place in it that is counted in UTF-16."""
        part = self.view.locator(".text p").first.locator("span")
        part.hover()  # comes back when nothing moves any more
        left, right, height, words = part.evaluate(
            "(span, end) => { const r = document.createRange(); r.setStart(span.firstChild, 0);"
            " r.setEnd(span.firstChild, end); const b = r.getBoundingClientRect();"
            " return [b.left, b.right, b.top + b.height / 2, r.toString()]; }",
            end,
        )
        self.page.mouse.move(left + 1, height)
        self.page.mouse.down()
        self.page.mouse.move((left + right) / 2, height)
        midway()
        self.page.mouse.move(right, height, steps=5)
        self.page.mouse.up()
        self.page.wait_for_function("words => document.getSelection().toString() === words", arg=words)

    def at(self):
        return self.view.locator(".mark[aria-current]").inner_text()


@pytest.fixture
def desk(lab, browser, bench):
    """desk(width=…, theme=…): a Desk on a fresh copy of the sheet."""
    served, address, token = lab
    contexts = []

    def sit_down(width=1400, theme="JupyterLab Light"):
        folder = served / secrets.token_hex(4)
        shutil.copytree(bench.raw, folder / "raw")
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
        book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(book, folder / "try.ipynb")
        context = browser.new_context(viewport={"width": width, "height": 1000})
        contexts.append(context)
        page = context.new_page()
        page.asked, page.said = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto(f"{address}/doc/tree/{folder.name}/try.ipynb?token={token}&reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60000)
        page.evaluate(f"{RUN}('apputils:change-theme', {{theme: '{theme}'}})")
        page.wait_for_selector(f"body[data-jp-theme-name='{theme}']", state="attached")
        page.wait_for_function(
            f"{KERNEL}?.connectionStatus == 'connected' && {KERNEL}.status == 'idle'", timeout=60000
        )
        # to its end, where JupyterLab scrolls and takes the focus
        page.evaluate(f"{RUN}('notebook:run-all-cells')")
        page.wait_for_selector(".workbench .mark", timeout=60000)
        return Desk(page, folder / "raw" / "transcription" / "bench.csv")

    yield sit_down
    for context in contexts:
        context.close()


def test_it_is_used_by_keyboard_and_every_step_is_in_the_file(desk):
    d = desk()
    original = d.sheet.read_bytes()
    expect(d.view.locator(".count")).to_have_text("2 of 9 decided, 4 figures incomplete")
    d.go(0)
    d.press("Enter", wait="n001 stays a proposal: figure_id is empty; a figure needs a figure_id")
    assert d.sheet.read_bytes() == original
    d.press("s", wait="figure_id is “ganzhou-gdp-2021-2”. Saved.")
    assert d.rows()[0]["figure_id"] == "ganzhou-gdp-2021-2"
    d.press("Enter", wait="n001 accepted as figure. Saved.")
    assert d.rows()[0]["note"] == ""
    expect(d.view.locator(".mark[aria-current]")).to_have_text("2021")  # on to the next proposal

    d.press("ArrowRight", "k", "j", "n")  # 40, 2021, 40, and past what is decided to the 5 of 5G
    expect(d.view.locator(".mark[aria-current]")).to_have_text("5")
    d.press("o", wait="class is “ordinal”. Saved.")
    assert d.rows()[5]["class"] == "ordinal"
    d.press("x", wait="every digit has a row")
    d.press("n", "e")  # 1,200: to its fields, the first that is empty
    assert d.page.evaluate("document.activeElement.id").endswith("-figure_id")
    for value in ("bench-stations", "projects", "ganzhou"):
        d.page.keyboard.type(value)
        d.press("Tab", *(["Tab"] if d.view.get_by_role("button", name="Take").is_visible() else []))
    d.page.keyboard.type("soon")
    d.press("Enter", wait="period is 'soon'; it must be an ISO 8601 date")
    field = d.view.get_by_label("period")
    assert field.get_attribute("aria-invalid") == "true" and field.input_value() == "soon"
    assert "ISO 8601" in d.view.locator(f"[id={field.get_attribute('aria-describedby')}]").inner_text()
    row = d.rows()[6]
    assert (row["figure_id"], row["indicator"], row["entity"], row["period"]) == (
        "bench-stations",
        "projects",
        "ganzhou",
        "",
    )
    field.fill("2021")
    d.press("Tab", "Tab")
    d.page.keyboard.type("project")
    d.press("Tab")
    d.page.keyboard.press("e")  # a list is chosen from by its letters
    d.press("Tab")
    d.page.keyboard.press("o")
    d.press("Control+Enter", wait="n007 accepted as figure. Saved.")
    row = d.rows()[6]
    assert [row[name] for name in ("period", "scale", "unit", "qualifier", "status", "note")] == [
        "2021",
        "",
        "project",
        "exact",
        "outcome",
        "",
    ]
    assert d.page.evaluate("document.activeElement.className").startswith("mark")

    done = d.sheet.read_bytes()
    undo = d.view.get_by_role("button", name="Undo")
    for _ in range(30):
        if undo.is_disabled():
            break
        words = d.view.locator(".said").inner_text()
        d.press("Control+z")
        expect(d.view.locator(".said")).not_to_have_text(words)
    assert d.sheet.read_bytes() == original
    redo = d.view.get_by_role("button", name="Redo")
    for _ in range(30):
        if redo.is_disabled():
            break
        words = d.view.locator(".said").inner_text()
        d.press("Control+Shift+z")
        expect(d.view.locator(".said")).not_to_have_text(words)
    assert d.sheet.read_bytes() == done
    assert d.page.said == []
    assert {url.split("/")[2].split(":")[0] for url in d.page.asked if url.startswith(("http", "ws"))} == {
        "127.0.0.1"
    }


def test_shortcuts_of_jupyterlab_do_not_fire(desk):
    d = desk()
    d.page.evaluate(
        "() => { window.ran = []; jupyterapp.commands.commandExecuted.connect((_, { id }) => ran.push(id)); }"
    )
    d.go(8)
    d.press("d", "d", "x", wait="n009 “twice” removed. Saved.")
    d.press("Control+z", wait="Taken back: n009 “twice” removed. Saved.")  # now keys act on a row again
    d.press("b", "c", "v", "y", "z", "0", "0", "Shift+Enter", "Shift+d", "Control+s")
    d.press(
        "Escape", "e", "Escape", "i", "i", "Control+Shift+z", wait="Once more: n009 “twice” removed. Saved."
    )
    assert d.page.evaluate("ran") == []
    cells = d.page.locator(".jp-Notebook .jp-Cell")
    assert cells.count() == len(CELLS) and "must still be there" in cells.nth(2).inner_text()
    assert d.page.locator(".jp-Dialog").count() == 0 and d.view.is_visible()
    assert d.page.locator(".jp-mod-editMode").count() == 0


def test_numerals_are_made_and_unmade_by_mouse_and_keyboard(desk):
    d = desk()
    d.go(8)
    d.view.get_by_role("button", name="No numeral").click()
    d.says("n009 “twice” removed. Saved.")
    assert len(d.rows()) == 8
    expect(d.view.locator(".count")).to_contain_text("1 without a row")
    d.take(d.view.locator(".text .mark.rowless"))
    d.press("Enter", wait="“twice” is a numeral, proposed as figure. Saved.")
    assert d.rows()[8]["token"] == "twice" and d.rows()[8]["start"] == "198"

    # by keyboard: from the numeral over the train, which is two units of UTF-16
    d.go(6)
    d.press(*["Shift+ArrowRight"] * 10, "a", wait="“1,200 of them 🚄” is a numeral")
    row = d.rows()[6]
    assert (row["token"], row["start"], row["end"]) == ("1,200 of them 🚄", "148", "163")
    assert d.at() == "1,200 of them 🚄"
    # the blank before it is none of it
    d.press("Shift+ArrowLeft", "a", wait="n007 is this numeral already.")
    assert d.rows()[6]["token"] == "1,200 of them 🚄"

    # by mouse: from before the emoji to behind it
    d.drag(10)
    d.view.get_by_role("button", name="Make the selection one numeral").click()
    d.says("“😀 Ganzhou” is a numeral, proposed as figure. Saved.")
    row = d.rows()[0]
    assert (row["numeral_id"], row["token"], row["start"], row["end"]) == ("n001", "😀 Ganzhou", "0", "9")


def test_a_late_answer_takes_nothing_out_of_the_hand(desk):
    d = desk()
    hold = """kernel => {
        const socket = kernel._ws, hear = socket.onmessage, kept = [];
        socket.onmessage = (message) => kept.push(message);
        window.goOn = async () => {
            socket.onmessage = hear;
            kept.forEach((message) => hear(message));
            await kernel.requestKernelInfo();  // answered after all that was kept
        };
    }"""
    kernel = d.page.evaluate_handle(KERNEL)

    # keys: the answer to the first does not lead back to its numeral
    d.go(1)
    d.page.evaluate(hold, kernel)
    d.press("o", "ArrowRight", "ArrowRight")
    d.page.evaluate("goOn()")
    d.says("n002: class is “ordinal”. Saved.")
    assert d.at() == "36.5"

    # mouse: the answer does not end the selection that is being made
    d.page.evaluate(hold, kernel)
    d.press("x")
    d.drag(10, lambda: d.page.evaluate("goOn()"))
    d.says("n004 stays: every digit has a row, and “36.5” has digits.")
    d.press("a", wait="“😀 Ganzhou” is a numeral, proposed as figure. Saved.")


def test_a_change_elsewhere_is_said_and_read(desk):
    d = desk()
    theirs = d.sheet.read_bytes().replace(b"n005,3,124,129,First,ordinal", b"n005,3,124,129,First,rhetorical")
    d.sheet.write_bytes(theirs)
    d.go(1)
    d.press("o", wait="Not saved")
    expect(d.view.locator(".trouble").first).to_contain_text("was changed elsewhere")
    assert d.sheet.read_bytes() == theirs
    d.view.get_by_role("button", name="Read again").click()
    d.says("Read again.")
    expect(d.view.locator(".trouble").first).to_be_hidden()
    assert d.mark(4).get_attribute("data-class") == "rhetorical"
    d.go(1)
    d.press("o", wait="Saved.")
    assert d.rows()[1]["class"] == "ordinal" and d.rows()[4]["class"] == "rhetorical"


def test_markup_in_a_cell_or_in_the_text_stays_text(desk):
    d = desk()
    assert "<b>nobody</b>" in d.view.locator(".text").inner_text()
    d.go(3)
    assert (
        d.view.get_by_label("note").input_value() == '<img src=x onerror=alert(1)>, "so" $x^2$ {{nonsense}}'
    )
    assert d.view.locator("img, b, script, math, mjx-container").count() == 0 and d.page.said == []


def test_two_views_show_the_same_and_the_cell_can_be_run_again(desk):
    d = desk()
    d.page.evaluate(f"{RUN}('notebook:enter-command-mode')")
    d.page.locator(".jp-OutputArea-output").first.click(button="right", position={"x": 5, "y": 5})
    d.page.get_by_text("Create New View for Cell Output").click()
    views = d.page.locator(".workbench")
    expect(views).to_have_count(2)
    expect(d.page.locator(".jp-LinkedOutputView")).to_be_focused()  # JupyterLab goes there when it is drawn
    d.go(1)
    d.press("o", wait="Saved.")
    for view in views.all():
        expect(view.locator(".text .mark").nth(1)).to_have_attribute("data-class", "ordinal")
    d.page.locator(".jp-Notebook .jp-Cell").nth(1).locator(".cm-content").click()
    old = [view.get_attribute("id") for view in views.all()]
    d.page.keyboard.press("Control+Enter")
    for view in old:
        expect(d.page.locator(f"[id={view}]")).to_have_count(0)
    expect(views).to_have_count(2)
    d.go(1)
    d.press("d", wait="Saved.")
    assert d.rows()[1]["class"] == "date" and d.page.said == []


@pytest.mark.parametrize(("width", "theme"), [(420, "JupyterLab Dark"), (1400, "JupyterLab Light")])
def test_axe_finds_nothing_that_keeps_a_person_out(desk, width, theme):
    d = desk(width, theme)
    d.go(3)
    d.page.keyboard.press("e")
    d.view.get_by_label("period").fill("soon")
    d.press("Enter", wait="ISO 8601")
    found = Axe().run(d.page, context=".workbench").response["violations"]
    assert [(v["id"], v["impact"], v["nodes"][0]["html"][:200]) for v in found] == []
    assert d.view.evaluate("node => node.scrollWidth - node.clientWidth") == 0


# -- the notebooks as a reader opens them -------------------------------------------------------------------


@pytest.fixture(scope="module")
def reading(lab, browser):
    """A notebook of the project in JupyterLab, run to its end: the page."""
    served, address, token = lab
    shutil.copy(paths.NOTEBOOKS / "03_growth.ipynb", served / "reading.ipynb")
    (served / "written").mkdir()
    shutil.copytree(paths.PROCESSED, served / "written", dirs_exist_ok=True)
    book = nbformat.read(served / "reading.ipynb", as_version=4)
    for cell in book.cells:
        if "parameters" in cell.metadata.get("tags", []):
            cell.source += '\nprocessed = "written"'  # what it writes is a copy
    nbformat.write(book, served / "reading.ipynb")
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    page.goto(f"{address}/doc/tree/reading.ipynb?token={token}&reset")
    page.wait_for_function(
        f"{KERNEL}?.connectionStatus == 'connected' && {KERNEL}.status == 'idle'", timeout=60000
    )
    page.evaluate(f"{RUN}('notebook:run-all-cells')")
    page.wait_for_function("document.getElementById('panel')", timeout=120000)
    yield page
    context.close()


def test_in_jupyterlab_a_number_opens_its_evidence_and_escape_leads_back(reading):
    number = reading.locator('.jp-Notebook a[href="#evidence-ganzhou-gdp-cagr-2011-2021"]').first
    number.scroll_into_view_if_needed()
    panel = reading.locator("#panel")
    expect(panel).to_be_hidden()
    number.click()
    expect(panel).to_contain_text("10.4 percent a year")
    expect(panel).to_contain_text("printed “2.7” · The Paper, paragraph 4")
    panel.locator("ul a").first.click()
    expect(panel.locator("h2")).to_contain_text("GDP multiple")
    panel.get_by_role("button", name="Back").click()
    expect(panel.locator("h2")).to_contain_text("compound annual growth rate")
    reading.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(number).to_be_focused()
