"""Questions reports ask of the storeys below."""
