"""Enter by hand (人工录入): what no collector reaches becomes an item within seconds."""
