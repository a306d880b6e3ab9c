"""The languages of the interface, and how addresses, accounts and browsers choose one."""
