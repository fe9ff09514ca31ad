"""lowalt: rules, airspace and conflicts of low-altitude flight in Shenzhen, Hong Kong and Macao."""
