"""Our rules and tables compared with what their sources publish: ``trdpgx rules compare``."""
