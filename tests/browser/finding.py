"""How tests point at things on a page: as a colleague would name them."""


def button(part, name):
    return part.get_by_role("button", name=name)


def link(part, name):
    return part.get_by_role("link", name=name)


def row(page, name):
    """Somebody's row in the list at the door."""
    return page.locator("a.person", has_text=name)


def tile(page, label):
    """A bed of the board."""
    return page.locator(f".tile[data-find='{label}']")


def chip(page, name, *, among="fieldset"):
    """One of several answers, by its words."""
    return page.locator(among).locator("label").filter(has=page.get_by_text(name, exact=True))


def exception(page, name, said):
    """In the morning: what is said about one person instead of leaving now."""
    return chip(page, said, among=f"[data-morning]:has-text('{name.upper()}')")
