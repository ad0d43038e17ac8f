"""Files of other kinds read into the tree of a spec, each kind by one function."""
