"""Co-medication, exposure, treatment history and staging of a person, as pure functions over the facts in ``rules/clinical``."""
