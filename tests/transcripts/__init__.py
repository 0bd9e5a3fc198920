"""Conversations as they are read in the chat, and what plays them.

A transcript is a text file that a service-desk person can write:

    # What this one shows.
    language: ko                      what the platform says of the person's language
    time: 2026-11-22T09:20            when it begins (UTC); each line takes a minute

    user: AADSTS50173 in my flow      what the person writes
          and a second line of it     (indented lines go on)
    bot:  **The connection was …      what the bot says, a paragraph a line
    bot:  > Hello, the …              … words to send on, the facts, the links
    bot:  [Done] [Still failing]      … and the buttons
    user: [Done]                      a press
    user: (old) [Done]                a press on the question before the last
    user: (picture) look              a picture comes with it
    user: (comes back)                the chat is opened again
    (2 days later)                    time goes by
    desk: opens FM-7                  the desk answers: opens, refuses, resolves, reopens
    desk: is asked to open: …         what the bot asks of the desk or the store
    store: has deleted everything     the store answers "forget me"

Those with several people in them are in `people/`; `together.py` explains their lines, and
`python -m tests.transcripts.record_together [FILE …]` writes the answers anew.

`python -m tests.transcripts.record [FILE …]` plays the lines of `user:`, `desk:` and `store:` and
writes the others anew; read them before you keep them.
"""
