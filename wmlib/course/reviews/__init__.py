"""Questions that span chapters: a review after each part, a test before and one after the course."""
