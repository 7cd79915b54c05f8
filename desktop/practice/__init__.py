"""Practice portals: the real contracts on loopback, with switchable faults.

For training, the demo and the tests. The one portal so far is Register's API v2026.1; the names that other rooms
(app, cli, tests) use are in `desktop.practice.server` and `desktop.practice.client`.
Source of its behaviour: domain pack register-trainees sections 1-3 and 5-7, and contract.md section 3.
"""
