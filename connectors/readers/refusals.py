"""Why a file cannot be taken in at all: one function per reason, with a hint for the clerk who sent it."""

from collections.abc import Sequence

from connectors.frame import RefusedFileError
from schema.declare import Label

#: so many of the headers seen are repeated in a hint; more would not be read
SHOWN_HEADERS = 12


def empty() -> RefusedFileError:
    """Zero bytes, or nothing but blanks."""
    return RefusedFileError(
        "file.empty",
        Label("文件是空的。请重新导出，确认文件里有数据后再上传。", "The file is empty. Export it again."),
    )


def html() -> RefusedFileError:
    """A web page saved under the name of a table; often the page that asks to log in again."""
    return RefusedFileError(
        "file.html",
        Label(
            "这是一个网页（HTML），不是表格；常见原因是导出时登录已过期。请重新登录系统导出，"
            "或用 Excel 打开后另存为 .xlsx。",
            "This is a web page, not a table. Log in again and export, or save it from Excel as .xlsx.",
        ),
    )


def unknown_format(zh: str, en: str) -> RefusedFileError:
    """Bytes of a kind that no reader reads; `zh` and `en` say what it looks like and what to do."""
    return RefusedFileError("file.unknown_format", Label(zh, en))


def unknown_encoding(codec: str, offset: int, row_number: int) -> RefusedFileError:
    """A byte that is no character in the file's encoding; offset counts unpacked bytes from 0."""
    return RefusedFileError(
        "file.unknown_encoding",
        Label(
            f"第{row_number}行有无法识别的字符（按 {codec} 读，第 {offset} 字节）。"
            "请用 Excel 打开，另存为“CSV UTF-8”或 .xlsx 后再上传。",
            f"Row {row_number} holds a byte (offset {offset}) that is no {codec} text. Save as CSV UTF-8 or .xlsx.",
        ),
        row_number=row_number,
    )


def unknown_unicode() -> RefusedFileError:
    """UTF-32, which no source system is known to write on purpose."""
    return RefusedFileError(
        "file.unknown_encoding",
        Label(
            "文件编码是 UTF-32，无法读取（第 0 字节，第1行）。请另存为“CSV UTF-8”后再上传。",
            "The file is UTF-32 (offset 0, row 1). Save as CSV UTF-8.",
        ),
        row_number=1,
    )


def broken_spreadsheet() -> RefusedFileError:
    """A workbook that does not open: cut off, damaged, or under a password."""
    return RefusedFileError(
        "file.broken_spreadsheet",
        Label(
            "Excel 文件打不开：可能没有传完整、已损坏，或设了打开密码。请在电脑上确认能打开，取消密码后重新上传。",
            "The workbook does not open: cut off, damaged or under a password. Remove the password, send again.",
        ),
    )


def too_many_cells(rows: int, columns: int) -> RefusedFileError:
    """A sheet whose used area would not fit into memory; nearly always one stray cell far below."""
    return RefusedFileError(
        "file.spreadsheet_too_large",
        Label(
            f"工作表的使用范围达 {rows} 行 × {columns} 列，过大。多半是很远处误填了一格："
            "请删除数据下方和右侧的空白行列，或另存为 CSV 后再上传。",
            f"The sheet spans {rows} rows × {columns} columns. Delete the empty rows and columns around the data, "
            "or save as CSV.",
        ),
    )


def too_large_unpacked(limit: int) -> RefusedFileError:
    """Packed data which unpacks to more than `limit` bytes."""
    return RefusedFileError(
        "file.too_large_unpacked",
        Label(
            f"压缩文件解开后超过 {limit >> 20} MB，不予读取。请拆成几个文件，或不压缩直接上传。",
            f"Unpacked the file exceeds {limit >> 20} MB. Split it, or send it unpacked.",
        ),
    )


def truncated_gzip() -> RefusedFileError:
    """A gzip stream which ends early or does not match its checksum."""
    return RefusedFileError(
        "file.truncated_gzip",
        Label(
            "压缩文件（.gz）不完整或已损坏，可能没有传完。请重新压缩并上传。",
            "The .gz file is cut off or damaged. Pack and send it again.",
        ),
    )


def json_too_large(limit: int) -> RefusedFileError:
    """A JSON document, which has to be held in memory whole, of more than `limit` characters."""
    return RefusedFileError(
        "file.json_too_large",
        Label(
            f"整份 JSON 超过 {limit >> 20} 百万字符，不予读取。请改为每行一个 JSON 对象（JSON Lines），或拆成几份。",
            f"The JSON document exceeds {limit >> 20} million characters. Write one JSON object a line (JSON Lines).",
        ),
    )


def broken_json(number: int) -> RefusedFileError:
    """A JSON document that is cut off or malformed at its n-th record: where the next begins nobody knows."""
    return RefusedFileError(
        "file.broken_json",
        Label(
            f"JSON 在第 {number} 条记录处不完整或有语法错误，其后的内容无法分开。请重新导出。",
            f"The JSON is cut off or malformed at record {number}. Export it again.",
        ),
        row_number=number,
    )


def no_rows(row_number: int) -> RefusedFileError:
    """A header and nothing below it."""
    return RefusedFileError(
        "file.no_rows",
        Label(
            f"只有表头（第{row_number}行），下面一行数据也没有。若确实没有数据，请按“零报告”报送；否则请重新导出。",
            f"There is a header (row {row_number}) and not one row below it. Export again.",
        ),
        row_number=row_number,
    )


def no_header(missing: Sequence[str], seen: Sequence[str], row_number: int) -> RefusedFileError:
    """No row looks like a header; `seen` is the row that comes nearest."""
    shown = "、".join(seen[:SHOWN_HEADERS])
    return RefusedFileError(
        "file.no_header",
        Label(
            f"没有找到表头（列名所在的行）。需要的列：{'、'.join(missing)}；最接近的是第{row_number}行：{shown}。"
            "请在数据上方加一行列名，或换用下发的模板。",
            f"No header found. Needed: {', '.join(missing)}; nearest is row {row_number}. "
            "Add a row of column names above the data.",
        ),
        row_number=row_number,
    )


def column_missing(missing: Sequence[str], row_number: int) -> RefusedFileError:
    """A header was found which lacks required columns, named as the manifest first names them."""
    return RefusedFileError(
        "file.column_missing",
        Label(
            f"第{row_number}行是表头，但缺少这些列：{'、'.join(missing)}。请补上（列名照写）后再上传。",
            f"The header in row {row_number} lacks: {', '.join(missing)}. Add these columns and send again.",
        ),
        row_number=row_number,
        column_name=missing[0],
    )


def duplicate_column(first: str, second: str, row_number: int) -> RefusedFileError:
    """Two columns say they are the same thing, and nothing says which one to believe."""
    return RefusedFileError(
        "file.duplicate_column",
        Label(
            f"“{first}”和“{second}”两列表示同一内容，无法判断以哪一列为准。请只保留一列，或改掉另一列的列名。",
            f"The columns '{first}' and '{second}' mean the same. Keep one, or rename the other.",
        ),
        row_number=row_number,
        column_name=second,
    )


def too_many_columns(limit: int, row_number: int) -> RefusedFileError:
    """More columns than any table of a source system has; mostly data in place of column names."""
    return RefusedFileError(
        "file.too_many_columns",
        Label(
            f"列数超过 {limit}，不像是一张表。请检查导出的格式。",
            f"More than {limit} columns: this is hardly a table. Check the export.",
        ),
        row_number=row_number,
    )


def unclosed_quote(row_number: int | None) -> RefusedFileError:
    """A quotation mark opens in this row and never closes, so that all that follows would be one cell."""
    where = f"第{row_number}行" if row_number else "某一行"
    return RefusedFileError(
        "file.unclosed_quote",
        Label(
            f"{where}的英文双引号没有成对，其后的内容无法分行；也可能是文件没有传完整，或这一行过长。"
            "请检查该行的双引号，或另存为 .xlsx 后再上传。",
            f"A double quote in row {row_number or '?'} is never closed (or the file is cut off there, or the row is "
            "far too long). Correct that row, or save as .xlsx.",
        ),
        row_number=row_number,
    )


def uneven_rows(row_number: int, expected: int, found: int) -> RefusedFileError:
    """Row after row has another number of cells than the header."""
    return RefusedFileError(
        "file.uneven_rows",
        Label(
            f"从第{row_number}行起，大量数据行的列数（{found}）与表头（{expected}）不一致。请检查分隔符后重新导出。",
            f"From row {row_number} on rows have {found} cells where the header has {expected}. Check the delimiter.",
        ),
        row_number=row_number,
    )


def broken_zip() -> RefusedFileError:
    """A zip archive, or a member of it, that cannot be unpacked."""
    return RefusedFileError(
        "file.broken_zip",
        Label(
            "压缩包（.zip）不完整、已损坏，或用了不支持的压缩方法。请用普通 ZIP 方式重新压缩并上传。",
            "The .zip is cut off, damaged or packed by an unsupported method. Pack it as plain zip and send again.",
        ),
    )


def encrypted_zip(name: str) -> RefusedFileError:
    """A member of a zip archive under a password."""
    return RefusedFileError(
        "file.encrypted_zip",
        Label(
            f"压缩包中的“{name}”设了密码，无法读取。请不设密码重新压缩。",
            f"'{name}' in the archive is under a password. Pack it without.",
        ),
    )


def too_many_members(found: int, limit: int) -> RefusedFileError:
    """An archive of more files than any delivery has."""
    return RefusedFileError(
        "file.too_many_members",
        Label(
            f"压缩包里有 {found} 个文件，最多 {limit} 个。请分几次送。",
            f"The archive holds {found} files, at most {limit} are taken. Send several.",
        ),
    )


def member_too_long(limit: int) -> RefusedFileError:
    """One of several members of an archive has too many rows."""
    return RefusedFileError(
        "file.too_many_rows",
        Label(
            f"压缩包里有几个文件时，每个最多 {limit} 行。请把大的单独送。",
            f"In an archive of several files each has at most {limit} rows. Send the large one by itself.",
        ),
    )


def broken_xml(row_number: int, reason: str) -> RefusedFileError:
    """XML that is cut off or malformed at its n-th record."""
    return RefusedFileError(
        "file.broken_xml",
        Label(
            f"XML 在第 {row_number} 条记录处不完整或有语法错误（{reason}）。请重新导出。",
            f"The XML is cut off or malformed at record {row_number} ({reason}). Export it again.",
        ),
        row_number=row_number,
    )


def xml_declarations() -> RefusedFileError:
    """XML with a document type: entities are declared there, and with them comes mischief."""
    return RefusedFileError(
        "file.xml_doctype",
        Label(
            "XML 里有 DOCTYPE 声明（可定义实体），为安全起见不予读取。请导出不带 DOCTYPE 的 XML。",
            "The XML has a DOCTYPE, which can declare entities; it is not read. Export it without one.",
        ),
    )


def xml_too_large(row_number: int) -> RefusedFileError:
    """XML nested too deep, or with a record too large to be one."""
    return RefusedFileError(
        "file.xml_too_large",
        Label(
            f"XML 第 {row_number} 条记录嵌套过深或过大，不像一条记录。请检查导出的格式。",
            f"Record {row_number} of the XML is nested too deep or too large to be one. Check the export.",
        ),
        row_number=row_number,
    )
