"""What authors and publishers run before they publish."""
