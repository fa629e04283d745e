"""Production and supply as marketing authorisation holders report them."""
