"""What the portal would refuse, before it does."""
