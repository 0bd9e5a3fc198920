"""PostgreSQL: several replicas on one database. Needs `flowmend[postgres]`."""
