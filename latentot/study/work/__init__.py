"""What is computed: a plan, its cells, and the fitted state that they share."""
