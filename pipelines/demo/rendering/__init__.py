"""From neutral demo content to what real sources send: one module per format."""
