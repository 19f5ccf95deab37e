"""Who comes in: the guest behind the number, tonight's registration, the door.

A guest is a name as said and little else; what the house counts is on the ground floor.
Must not know the rota or the reports.
"""
