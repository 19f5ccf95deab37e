"""The ground floor: season, house, beds, nights, the ledger, the team, the log.

Guests are numbers here (`Occupant`); their names live one storey up, in `intake`.
Nothing on this floor may import a floor above it.
"""
