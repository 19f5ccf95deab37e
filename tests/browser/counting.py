"""Counts what a hand does: taps on the glass, keys, and swipes to bring something into view."""

IS_IN_VIEW = """it => {
  const box = it.getBoundingClientRect();
  const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const whole = box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth;
  return whole && it.contains(hit);
}"""


class Counter:
    """A colleague at a tablet who does only what is counted. Looking and waiting are free."""

    def __init__(self, page):
        self.page = page
        self.taps = self.keys = self.swipes = 0

    def tap(self, target):
        """Tap what a finger would hit there; what is out of view or covered costs a swipe first."""
        target.wait_for(state="visible")
        if not target.evaluate(IS_IN_VIEW):
            target.evaluate("it => it.scrollIntoView({block: 'center'})")
            self.swipes += 1
        target.tap()
        self.taps += 1

    def type(self, text):
        """Type one key after the other, wherever the focus is."""
        for key in text:
            self.page.keyboard.type(key)
            self.keys += 1

    def press(self, key):
        self.page.keyboard.press(key)
        self.keys += 1
