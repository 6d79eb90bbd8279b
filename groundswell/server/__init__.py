"""The server: settings, addresses, the embedded PostgreSQL, the worker, health."""
