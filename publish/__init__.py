"""What goes out openly: builds releases, and the public site. Knows no secrets and serves sealed files only."""
