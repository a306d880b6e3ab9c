"""The survey for programs that talk: the Model Context Protocol over HTTP and over pipes."""
