"""The ground floor's part of the API, and what every part of it shares: tokens, problems, pages of lists."""
