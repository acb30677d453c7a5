"""The processes behind HTTP: a supervisor that has read the knowledge, confined workers that do the requests, and the messages between."""
