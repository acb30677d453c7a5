"""What a cohort's tables show about groups of people: frequencies, associations with an outcome, burden of rare variants.

It reads the tables of ``trdpgx cohort`` and no genome. It needs statsmodels, which the extra ``stats`` installs.
"""
