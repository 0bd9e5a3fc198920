"""What is done to the database: plain functions `fn(connection, ...)`.

Each runs inside a transaction that its caller opens, and is the same on every database.
"""
