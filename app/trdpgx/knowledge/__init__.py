"""Knowledge: ``rules/`` and ``reference/`` become one immutable, indexed object; lint and evidence grading."""
