"""How much one caller may ask: quotas of requests and bytes over time, and of uploads at the same time."""
