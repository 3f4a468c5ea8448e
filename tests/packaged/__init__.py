"""The delivered program as its users meet it: keys and clicks on a screen of its own, nothing of the checkout inside."""
