"""The mail that brings a report: the account in short, as plain text."""

from django.utils.translation import gettext as _

from reporting.telling import saying
from reporting.telling.kinds import WHY, account_of


def letter(data, address, hashes):
    """Subject and text. `address` is where the report stands for ever, `hashes` are (form, language, SHA-256)."""
    told = account_of(data)
    marks = f" ({', '.join(told.marks)})" if told.marks else ""
    lines = [f"{told.title} · {told.subtitle}{marks}", ""]
    if data["why"] in WHY:
        lines += [str(WHY[data["why"]]), ""]
    lines += [told.lead, ""]
    lines += [
        saying.pair(tile.label, f"{tile.value} {_in_brackets(tile.below)}").rstrip() for tile in told.tiles
    ]
    if data["remark"]:
        lines += ["", saying.pair(data["remark"]["by"], data["remark"]["text"])]
    lines += ["", address, "", told.provenance]
    lines += [_("SHA-256 of the files, by which they are known again:")]
    lines += [f"{form.upper()} {language} {sha256}".replace("  ", " ") for form, language, sha256 in hashes]
    return f"{told.subject}{marks}", "\n".join(lines)


def _in_brackets(parts):
    kept = [part for part in parts if part]
    return f"({'; '.join(kept)})" if kept else ""
