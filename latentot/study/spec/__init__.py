"""What is compared, as plain data: from flags, a TOML file or objects."""
