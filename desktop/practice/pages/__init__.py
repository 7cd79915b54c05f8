"""What both practice websites are made of: escaped pieces of pages, what a browser sends, who is signed in, the way to answer.

`web` is the website of Register trainee teachers, `ects` that of Register early career teachers.
"""
