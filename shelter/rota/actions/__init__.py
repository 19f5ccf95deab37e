"""The verbs of the rota. Locks are taken in one order: people by id, then plans."""
