"""People, the forces they belong to, what they may do, and how they sign in."""
