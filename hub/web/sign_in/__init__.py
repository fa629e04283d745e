"""The pages where people sign in: no scripts, no cookies but their own, nothing that another site can frame or send."""
