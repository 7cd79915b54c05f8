"""The outage story: what Holdfast is for, played on made-up trainees against a practice portal."""
