"""What goes out about deadlines: policy, outbox and the one daily mail a person gets."""
