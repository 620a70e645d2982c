"""The asynchronous face; what only it has is waiting."""
