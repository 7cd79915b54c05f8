"""The practice website of Register early career teachers: what schools do there in a browser, on loopback.

An oracle of its own: it keeps the portal's rules in its own code and takes none from `desktop/collections`, so what a person
prepares here is checked by somebody else. `site.EctSite` are the pages, `portal.EctPortal` stands before them with its faults.
Source: domain pack register-ects sections 1, 2, 3, 7 and 8.
"""
