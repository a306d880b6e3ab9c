"""Reading a PDF in the browser: pages as pictures with a layer of text, made here."""
