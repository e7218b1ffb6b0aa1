"""What only instructors hold."""
