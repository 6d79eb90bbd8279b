"""The judgement: pure functions over immutable records. No network, no database, no clock."""
