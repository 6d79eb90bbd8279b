"""The acts of the script: the stories, one file each or a few together, and the everyday noise around them."""
