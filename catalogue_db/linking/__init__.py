"""Linking: which organisation of the catalogue is which provider of the register, how that is known, and since when.

By identifiers, then by web domain, then by name within the country; what is not certain is proposed to a maintainer,
whose word is kept, survives every harvest, and goes before everything found here.
"""
