"""Our rules and tables held against what their sources publish: ``trdpgx rules compare``."""
