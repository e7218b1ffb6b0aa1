"""What only chapters need, one room a chapter; no library room imports from here."""
