"""The desk, the door, the board, the guest card, the morning."""
