"""Case files apart from rights and writes: their rules, tables, XML and parcel."""
