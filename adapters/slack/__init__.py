"""Slack: the Events API or Socket Mode in, the Web API out.

In: `door` (HTTP, signatures) or `socket`, then `taking` (stored before it is acknowledged),
`intake` (which kind of payload) and `parse`, which is pure, over `payloads`, `messages`, `text`.
Out: `adapter.send`, `render`, which is pure, and `api`.
Beside the conversations: `lobby` and `views` (the bot's pages), `standing` (how a case stands),
`whispers` (what one person sees), `people` (languages), `files`, `manifest`. `keys` names things.
"""
