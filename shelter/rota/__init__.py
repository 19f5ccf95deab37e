"""Who keeps watch: shifts, people's hours, the plan of three employers.

The room is empty for now. It knows houses and nights, never guests.
"""
