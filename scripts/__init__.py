"""The tools of this repository. `make help` lists the commands that run them."""
