"""Every page in both themes, on a tablet or, for those who plan, on a PC: axe finds nothing to say."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import PC, TABLET
from tests.browser.pages import SIGHTS

AXE = Axe()
EVERYTHING = {"resultTypes": ["violations"], "preload": False}
COLOURS = EVERYTHING | {"runOnly": ["color-contrast", "link-in-text-block"]}
PUT_ON = "theme => { document.documentElement.dataset.theme = theme; }"


def violations(page, options=EVERYTHING):
    theme = page.locator("html").get_attribute("data-theme")
    found = page.evaluate("options => axe.run(options).then(results => results.violations)", options)
    return [
        f"{theme}: {rule['id']}: {node['html'][:200]}: {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("sight", SIGHTS, ids=str)
def test_page_has_no_violation(looking, evening, sight):
    """Touch pages speak French, those for a PC English. Everything is asked in the dark, colours in the light too."""
    page = looking(sight.role, language="fr" if sight.touch else "en", size=TABLET if sight.touch else PC)

    sight.look(page, evening)
    page.evaluate(AXE.axe_script)
    in_the_dark = violations(page)
    page.evaluate(PUT_ON, "light")

    assert in_the_dark + violations(page, COLOURS) == []


def test_axe_would_find_a_fault(opened):
    page = opened(None, "/help/", theme="light")
    faults = "<img src='/static/foyer/mark.svg'><button></button><p>pale</p>"
    page.evaluate("faults => document.querySelector('main').insertAdjacentHTML('beforeend', faults)", faults)
    page.evaluate("document.querySelector('main > p').style.color = '#aaa'")
    page.evaluate(AXE.axe_script)

    assert sorted({line.split(": ")[1] for line in violations(page)}) == [
        "button-name", "color-contrast", "image-alt",
    ]  # fmt: skip
    assert [line.split(": ")[:2] for line in violations(page, COLOURS)] == [["light", "color-contrast"]]
