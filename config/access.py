"""Who may call the addresses that the wiring itself adds."""

ACCESS: dict = {}
