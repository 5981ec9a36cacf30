"""What a force must do, by when, and what it says that it has done."""
