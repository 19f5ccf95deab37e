"""Who keeps watch: shifts, people's hours, the plan of three employers.

What stands so far is the law of working time (`law.py`) on one person's time (`timeline.py`); shifts and people are
still to come. It knows houses and nights, never guests.
"""
