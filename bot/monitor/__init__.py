"""What whoever runs the bot looks at from outside: whether it does its work, and how much of it."""
