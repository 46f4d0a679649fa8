"""What is done about what was said, and whether it helped."""
