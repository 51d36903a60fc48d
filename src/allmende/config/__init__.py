"""How Allmende is put together: settings from the environment, addresses, the command line, the web server's entry."""
