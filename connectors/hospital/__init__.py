"""Medical institutions: their register, and the medicines that each keeps."""
