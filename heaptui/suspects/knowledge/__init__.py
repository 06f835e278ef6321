"""What is known of V8, Node, browsers and libraries, as data."""
