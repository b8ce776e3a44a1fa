"""Papers of incoming documents: the slip of settlement and the stamp ĐẾN. Pure."""
