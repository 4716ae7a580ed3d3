"""What each process may give out to workshops together, as whole patterns."""
