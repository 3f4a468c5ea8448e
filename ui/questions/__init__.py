"""One widget per question type."""
