"""Whether the graph reads as somebody whom row-level security holds."""

from hub.db.reading import ReadingPool
from hub.errors import DatabaseError
from schema.declare import Label

#: whoever is one of these sees every row, whatever the policies say
_FREE = """
SELECT current_user AS name, r.rolsuper OR r.rolbypassrls OR EXISTS (
    SELECT FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid WHERE pg_has_role(current_user, c.relowner, 'USAGE')
) AS is_free
FROM pg_roles r WHERE r.rolname = current_user
"""


async def check_reader(pool: ReadingPool) -> None:
    """Refuse to serve as somebody whom no policy holds. Raises DatabaseError."""
    row = await pool.fetchrow(_FREE)
    if row["is_free"]:
        raise DatabaseError(
            "database.graph_role",
            Label(
                f"数据图谱不能以 {row['name']} 身份读取：行级安全策略管不到它；请检查 HUB_GRAPH_DATABASE_URL。",
                f"the graph must not read as {row['name']}, whom no policy of rows holds: see HUB_GRAPH_DATABASE_URL",
            ),
        )
