"""Problems as RFC 9457 problem details: the kinds, an example of each, and the handlers."""
