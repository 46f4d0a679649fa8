"""What is asked: the model, its files and their checks."""
