"""What the comparisons with other programs share: running programs in turn, and tables of ratios."""
