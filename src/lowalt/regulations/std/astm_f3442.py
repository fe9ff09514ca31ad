"""ASTM F3442 on keeping clear of manned aircraft: it compares flights, which no plan does alone."""
