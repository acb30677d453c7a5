"""Who calls: keys from a file, tokens of an OpenID Connect issuer, or everybody."""
