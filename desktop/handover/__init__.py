"""Files for people and portals: plain data in, bytes out. Nothing here knows the store, and only this room draws PDFs."""
