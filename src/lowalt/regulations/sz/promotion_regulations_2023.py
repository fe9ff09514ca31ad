"""The Shenzhen promotion regulations: nothing in what was read asks anything of a flight."""
