"""What every page shares: base page, navigation, start page, errors, the cache of anonymous pages."""
