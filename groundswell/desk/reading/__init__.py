"""The reading book (阅网日志): who reads which source when, and who did."""
