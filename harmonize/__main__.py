"""`python -m harmonize`."""

from harmonize.cli import run

if __name__ == "__main__":
    run()
