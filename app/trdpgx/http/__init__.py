"""HTTP alone: routes, uploads, content negotiation, problems. Nothing here reads a genome."""
