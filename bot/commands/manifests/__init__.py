"""One module for each platform: see `bot.commands.manifest.Packer`."""
