"""Registration of medicines: the drug regulator's approvals."""
