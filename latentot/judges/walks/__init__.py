"""Judges of walks: what data do on the way from one to another."""
