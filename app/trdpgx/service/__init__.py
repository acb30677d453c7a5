"""The processes behind HTTP: a supervisor that reads the knowledge, confined workers that do requests, and the messages between them."""
