"""Who keeps watch: shifts, people's hours, the plans of three employers.

The law of working time (`law.py`) looks at one person's time (`timeline.py`) and does not care who planned it; the
search for a rota (`rostering/`) knows neither. Houses and nights are known here, never guests.
"""
