"""Printed books of registers: rows in, bytes of .xlsx, .docx or PDF out.

    forms     the books as the law has them: titles, columns, widths (data in books/)
    book      one book ready to print: cover, columns, rows
    xlsx, docx, pdf   the three writers; landscape A4, the head repeated on every page

Pure: no database, no request, no rights. Words on paper are Vietnamese whatever the
language of the screen: they are the document, not the interface.
"""
