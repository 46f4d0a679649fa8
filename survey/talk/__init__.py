"""Talk to somebody: a resident asks from the page, staff pass it on. No request leads to an answer."""
