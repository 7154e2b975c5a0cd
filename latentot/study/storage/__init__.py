"""What has been computed: kept part by part, found again by key."""
