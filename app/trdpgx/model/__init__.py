"""The vocabulary: the frozen types that the packages hand to each other.

Nothing here imports another part of the project. What crosses a file or a wire is a pydantic model; what is handed on inside one
request by the thousand is a frozen ``msgspec.Struct`` (docs/decisions/0003-two-kinds-of-type.md).
"""
