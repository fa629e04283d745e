"""The list of medicines that the national health insurance pays for (医保目录)."""
