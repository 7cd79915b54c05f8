"""The first screen: is anything at risk, and what do I do first?"""
