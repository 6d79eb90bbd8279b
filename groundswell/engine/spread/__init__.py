"""How far one post will go: its first reposts, and the chances of its final number, learnt from past posts."""
