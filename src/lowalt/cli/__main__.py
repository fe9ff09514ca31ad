"""``python -m lowalt.cli``."""

from lowalt.cli import main

if __name__ == "__main__":
    main()
