"""What the rota prints: the plan for the wall, and the statement of hours of an organisation."""

from shelter.rota.paper.statement import statement
from shelter.rota.paper.wall import wall_plan

__all__ = ["statement", "wall_plan"]
