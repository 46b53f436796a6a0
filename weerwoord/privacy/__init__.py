"""Personal data in what people write: found, and replaced by the same pseudonym each time."""
