"""What is printed: badges and receipts, set by Typst."""
