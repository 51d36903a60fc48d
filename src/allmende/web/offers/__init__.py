"""Self-service: organisations offer, change and renew, claim entries of their own, and say what they use."""
