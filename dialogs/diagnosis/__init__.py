"""Text in, verdict out: what is broken, how sure, who can fix it, and why.

`diagnose.diagnose` is the way in. On the way: `page` lays the text out, `lexicon` and `matching`
find the signs, `codes` and `statuses` the numbers, `reading` counts them, `verdict` decides.
"""
