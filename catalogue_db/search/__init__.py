"""Search over the live offerings. See `catalogue_db.search.query` for what a query may say."""
