"""What learns a value or a policy."""
