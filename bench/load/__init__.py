"""The load harness: starts Baton and its peers, loads them in turn, and reports what they did."""
