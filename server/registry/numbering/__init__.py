"""The rules of numbers and notations, as plain functions of plain values.

    notation   how a number and a notation are written, and read back
    series     which run of numbers a document belongs to: its period and its group

Sources: Decree 30/2020/NĐ-CP, articles 14–18 and appendix III; for the Party's
committees, Instruction 05-HD/VPTW (2026). Must never touch the database or a clock.
"""
