"""Help without a network: pages in plain English, searched here, and the keys as the screens themselves tell them."""
