"""ODK XPath: lexer, parser, function library, compiler to closures."""
