"""What outcomes say: tables, null bands, controls and verdicts."""
