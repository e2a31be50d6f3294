"""Make what the book shows, and print the tables it holds: python tools/make_book.py."""

from book import gradients


def main() -> None:
    """Print the table of gradients."""
    print(gradients.table())


if __name__ == "__main__":
    main()
