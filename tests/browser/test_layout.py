"""How pages are laid out: nothing to scroll sideways, targets for cold fingers, focus that can be seen."""

from contextlib import contextmanager

import pytest

from tests.browser.conftest import PC, PHONE, TABLET, UPRIGHT
from tests.browser.pages import SIGHTS

TOO_WIDE = """() => {
  const page = document.scrollingElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  const boxed = (it) => it.parentElement?.closest(".table-box");
  const culprits = [...document.querySelectorAll("body *")]
    .filter((it) => it.getBoundingClientRect().right > page.clientWidth + 0.5 && !boxed(it));
  return [`${page.scrollWidth} px`, ...culprits.map((it) => it.outerHTML.slice(0, 120))];
}"""

# A field inside its label is tapped on the label. A link in the middle of a sentence may be as low as its line.
TOO_SMALL = """least => {
  const targets = "a[href], button, input:not([type=hidden]), select, textarea, summary, label:has(input)";
  const inSentence = (it) => it.matches("a") && getComputedStyle(it).display === "inline"
    && [...it.parentNode.childNodes].some((other) => other.nodeType === 3 && other.data.trim());
  return [...document.querySelectorAll(targets)]
    .filter((it) => it.checkVisibility({ visibilityProperty: true }) && !it.matches("label input, .skip"))
    .filter((it) => !inSentence(it))
    .map((it) => [it, it.getBoundingClientRect()])
    .filter(([it, box]) => Math.min(box.width, box.height) < least - 0.5)
    .map(([it, box]) => `${Math.round(box.width)} x ${Math.round(box.height)}: ${it.outerHTML.slice(0, 120)}`);
}"""

UNLABELLED = """() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
  .filter((it) => ![...it.labels].some((label) => label.textContent.trim()) && !it.ariaLabel)
  .map((it) => it.outerHTML.slice(0, 120))"""

# Where the focus is: its name, whether it can be seen, and whether something lies over it.
FOCUS = """() => {
  const it = document.activeElement;
  if (it === document.body) return null;
  const seen = it.closest("label, .tick") ?? it;
  const box = it.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  const over = document.elementFromPoint(x, y);
  const ring = [it, seen].some((part) => parseFloat(getComputedStyle(part).outlineWidth) >= 2
    && getComputedStyle(part).outlineStyle !== "none");
  return {
    name: it.outerHTML.slice(0, 100),
    visible: ring && (seen.contains(over) || it.contains(over)),
    inside: box.top >= 0 && box.bottom <= innerHeight,
  };
}"""


@contextmanager
def letters_of(page, size):
    """The size of letters that somebody asks of their browser, in pixels; 16 where nobody asked."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": size}})
    try:
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == f"{size}px"
        yield
    finally:
        session.send("Page.setFontSizes", {"fontSizes": {"standard": 16}})


def problems(page, least):
    """Everything about a page that holds at every width."""
    found = [f"sideways: {line}" for line in page.evaluate(TOO_WIDE)]
    return found + [f"small: {line}" for line in page.evaluate(TOO_SMALL, least)]


@pytest.mark.parametrize("sight", SIGHTS, ids=str)
def test_page_fits_at_every_width_and_says_what_it_is(looking, evening, sight):
    """On a phone of 320 px, which is also 640 px at 200 %, on a tablet either way up, and in large letters."""
    page = looking(sight.role, language="fr")
    least = 48 if sight.touch else 24

    sight.look(page, evening)
    found = {}
    for name, size in {"tablet": TABLET, "upright": UPRIGHT, "phone": PHONE}.items():
        page.set_viewport_size(size)
        found[name] = problems(page, least)
    page.set_viewport_size(UPRIGHT)
    with letters_of(page, 32):
        found["large letters"] = page.evaluate(TOO_WIDE)
    page.set_viewport_size(TABLET)

    assert found == {"tablet": [], "upright": [], "phone": [], "large letters": []}
    assert (page.locator("h1").count(), page.locator("main").count()) == (1, 1)
    assert page.evaluate(UNLABELLED) == []
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.locator("body").get_attribute("class") == ("touch" if sight.touch else "desk")
    title, has_errors = page.title(), page.locator(".errors").count() == 1
    assert title.removesuffix(" · Foyer") not in {title, ""}
    assert title.startswith("Erreur") == has_errors


def test_faults_of_layout_would_be_found(opened):
    page = opened(None, "/help/", size=PHONE)
    faults = "<p>.</p><button>x</button><p>A <a href='/'>link</a> here.</p><input name='lost'>"
    page.evaluate("faults => document.querySelector('main').insertAdjacentHTML('beforeend', faults)", faults)
    page.evaluate("document.querySelector('main > p').style.width = '999px'")
    page.evaluate("document.querySelector('main > button').style.minHeight = '20px'")

    found = problems(page, 48)

    assert [line.split(": ")[0] for line in found] == ["sideways", "sideways", "small"]
    assert "button" in found[-1]
    assert page.evaluate(UNLABELLED) == ['<input name="lost">']


# What a device chose, and what the clock chooses.


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_page_speaks_the_language_and_wears_the_theme_chosen(opened, language, theme):
    page = opened("night_worker", "/door/", language=language, theme=theme)

    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("html").get_attribute("data-theme") == theme
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(246, 244, 239)", "dark": "rgb(14, 19, 26)"}[theme]


@pytest.mark.parametrize(
    ("moment", "theme"),
    [("21 19:59", "light"), ("21 20:00", "dark"), ("22 06:59", "dark"), ("22 07:00", "light")],
)
def test_theme_follows_the_clock_when_nobody_chose(opened, set_clock, moment, theme):
    page = opened("night_worker", "/help/", theme="auto")

    set_clock(f"2026-11-{moment}")
    page.reload()

    assert page.locator("html").get_attribute("data-theme") == theme


def test_language_and_theme_are_chosen_in_the_menu(opened):
    page = opened("night_worker", "/door/", language="en", theme="light")

    page.locator(".menu > summary").tap()
    page.locator(".menu button", has_text="français").tap()
    page.wait_for_selector("html[lang=fr]")
    page.locator(".menu > summary").tap()
    page.locator(".menu button[value=dark]").tap()
    page.wait_for_selector("html[lang=fr][data-theme=dark]")

    assert page.url.endswith("/door/")


# Focus.


def focus_goes_through(page, *, at_most):
    """Each stop of the Tab key on a page, until it leaves the page."""
    stops = []
    for _press in range(at_most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None:
            break
        stops.append(stop)
    return stops


@pytest.mark.parametrize(
    "sight", [s for s in SIGHTS if s.name in {"door, undo", "morning", "board"}], ids=str
)
def test_focus_is_seen_and_never_lies_under_a_bar(opened, evening, sight):
    page = opened(sight.role, "/help/", size=PC, touch=False)
    sight.look(page, evening)
    page.evaluate("document.activeElement.blur()")

    stops = focus_goes_through(page, at_most=60)

    assert len(stops) > 20
    assert [stop["name"] for stop in stops if not (stop["visible"] and stop["inside"])] == []


def test_first_stop_leads_past_the_menu_to_the_content(opened):
    page = opened("night_worker", "/presence/", touch=False)

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash") == "#content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_error_leads_to_its_field(opened):
    page = opened("field_worker", "/guests/new/?from=desk")
    page.locator("main form").evaluate("form => { form.noValidate = true; }")
    page.get_by_role("button", name="Save and register for tonight").tap()

    summary = page.locator(".errors")
    summary.wait_for()
    assert page.evaluate("document.activeElement.className") == "errors"
    led_to = []
    for link in summary.locator("a").all():
        link.press("Enter")
        led_to.append(page.evaluate("document.activeElement.name"))

    assert led_to == ["name", "sleeps"]
