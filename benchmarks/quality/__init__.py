"""How well it judges: a part a file, each beside its yardstick of the same run; docs/quality.md shows the figures."""
