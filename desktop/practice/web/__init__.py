"""The practice portal's web pages: what people of the real service do in a browser, on the state that the API shows.

Plain pages without script: find, register and change trainees, the steps that only the website has, the three CSV uploads,
the files to download, sign-off. `site.Site` is the one door; `portal.Portal` stands before it with its faults.
Source: domain pack register-trainees sections 0, 3.1, 4, 5, 6 and 9.
"""
