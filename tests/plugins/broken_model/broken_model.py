"""A plugin that cannot be imported, as when the library it is made for is missing."""

raise ImportError("the library of broken-model is not installed")
