"""Bergen's services, real and invented, and simulated people who answer about them: for trying, never for real."""
