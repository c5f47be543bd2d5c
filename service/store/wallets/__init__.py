"""Passes for the wallets of phones; each wallet is there only when the operator has set it up (docs/wallets.md)."""
