"""HTTP and nothing else: routes, uploads, content negotiation, problems. No genetics here."""
