"""What a report tells, in the words of a language and before it has a form: paper, page, mail and file agree by it.

`account_of` turns a data set into an `Account` of sentences, tables and charts. It reads nothing but the data set.
"""

from reporting.telling.account import Account
from reporting.telling.kinds import account_of
from reporting.telling.mail import letter

__all__ = ["Account", "account_of", "letter"]
