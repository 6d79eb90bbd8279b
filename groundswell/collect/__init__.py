"""The only room that talks to the outside: protocols, the polite and safe client, the schedule, the archive.

It knows no Django model and reads no page: it takes a ``SourceSpec`` and yields what it fetched. What a
response means is found elsewhere; the links to follow come back through the generator (see ``kinds``).
"""
