"""The way to a person: what is handed over, when somebody is there, and how it reaches them."""
