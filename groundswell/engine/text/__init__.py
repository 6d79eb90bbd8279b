"""Text as the engine sees it: folded, its language known, cut into words, with a signature, without private names."""
