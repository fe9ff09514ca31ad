"""Standards that bind nobody by themselves: what they ask, lowalt advises."""
