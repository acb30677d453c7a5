"""ASGI middleware: security headers, request ids and the last error handler; requests whose body was not read."""
