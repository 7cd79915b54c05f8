"""The queue: what will be sent, in what order, and when?"""
