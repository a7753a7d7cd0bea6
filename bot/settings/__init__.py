"""What each section of config.yaml may hold: keys, types, defaults and descriptions."""
