"""A browser without JavaScript: it reads pages, follows links, fills in forms and sends what they hold."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from django.conf import settings
from django.test import Client

SIGNED_IN_BY = "django.contrib.auth.backends.ModelBackend"


@dataclass
class Button:
    name: str | None
    value: str
    text: str = ""


@dataclass
class Form:
    action: str
    method: str
    answers: dict = field(default_factory=dict)
    buttons: list = field(default_factory=list)


class Page(HTMLParser):
    """The forms, the links and the words of one page."""

    def __init__(self, text):
        super().__init__()
        self.forms, self.links, self.words = [], [], []
        self._form = self._button = self._link = self._select = self._area = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        held = dict(attributes)
        if tag == "form":
            self._form = Form(held.get("action", ""), held.get("method", "get"))
            self.forms.append(self._form)
        elif tag == "a" and "href" in held:
            self._link = [held["href"], ""]
            self.links.append(self._link)
        elif self._form is not None:
            self._part_of_a_form(tag, held)

    def _part_of_a_form(self, tag, held):
        name = held.get("name")
        if tag == "button":
            self._button = Button(name, held.get("value", ""))
            self._form.buttons.append(self._button)
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in held or self._select not in self._form.answers):
            self._form.answers[self._select] = [held.get("value", "")]
        elif tag == "input" and name and held.get("type") in {"checkbox", "radio"}:
            if "checked" in held:
                self._form.answers.setdefault(name, []).append(held.get("value", "on"))
        elif tag == "input" and name:
            self._form.answers.setdefault(name, []).append(held.get("value", ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "button":
            self._button = None
        elif tag == "a":
            self._link = None

    def handle_data(self, data):
        self.words.append(data)
        if self._button is not None:
            self._button.text += data
        if self._link is not None:
            self._link[1] += data


class PlainBrowser:
    """Somebody at a tablet whose scripts do not run; forged forms are refused as in the house."""

    def __init__(self, person=None, language="en"):
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=True)
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        if person is not None:
            self.client.force_login(person, backend=SIGNED_IN_BY)
        self.at, self.status, self.page = "/", None, Page("")

    def open(self, path):
        return self._arrive(self.client.get(path), path)

    def follow(self, text):
        """Follow the link with this text."""
        found = [href for href, words in self.page.links if text in one_line(words)]
        return self.open(urljoin(self.at, found[0]))

    def press(self, text, **answers):
        """Press the button with this text after giving answers: a value, a list of them, or None to give none."""
        form, button = self._form_with(text)
        held = {**form.answers, **({button.name: [button.value]} if button.name else {})}
        for name, value in answers.items():
            held.pop(name, None)
            if value is not None:
                held[name] = value if isinstance(value, list) else [value]
        return self.send(urljoin(self.at, form.action), form.method, held)

    def send(self, path, method, held):
        self.sent = (path, method, held)
        return self._arrive(getattr(self.client, method)(path, held), path)

    def send_again(self):
        """A second tap: the same form once more."""
        return self.send(*self.sent)

    def answers(self, text):
        """What the form with this button holds."""
        return self._form_with(text)[0].answers

    def sees(self, text):
        return text in one_line("".join(self.page.words))

    def may_press(self, text):
        return any(text in one_line(button.text) for form in self.page.forms for button in form.buttons)

    def _form_with(self, text):
        for form in self.page.forms:
            for button in form.buttons:
                if text in one_line(button.text):
                    return form, button
        raise AssertionError(
            f"No button {text!r} on {self.at}; it says: {one_line(''.join(self.page.words))}"
        )

    def _arrive(self, answer, path):
        self.at, self.status = path, answer.status_code
        if answer.status_code in {301, 302}:
            return self.open(urljoin(path, answer.headers["Location"]))
        self.page = Page(answer.content.decode())
        return self


def one_line(text):
    return " ".join(text.split())
