"""The patient's side: co-medication, treatment history and staging, as pure functions over the facts in ``rules/clinical``."""
