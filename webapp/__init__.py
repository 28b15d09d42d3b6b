"""Newsstand: a chat web app that answers from articles and their FAQs, word for word.

Importing a part loads only that part: this module imports nothing.
"""
