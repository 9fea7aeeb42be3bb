"""What the addons cost: the same work with and without them, in one run."""
