"""``python -m cardhouse`` is the same as the ``cardhouse`` command."""

from cardhouse.cli.main import run

if __name__ == "__main__":
    run()
