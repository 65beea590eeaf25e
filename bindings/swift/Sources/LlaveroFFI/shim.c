// A target of C needs a source. The functions are in the library that Cargo built.
