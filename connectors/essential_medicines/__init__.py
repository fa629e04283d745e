"""The national list of essential medicines (国家基本药物目录)."""
