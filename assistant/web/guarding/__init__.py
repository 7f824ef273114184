"""What stands before the routes: where a request comes from, how large it is, how many there are, what headers go back."""
