//! `llavero-wasm-tool LIBRARY.wasm FOLDER NAME` writes `NAME.js` and `NAME_bg.wasm` into the folder, as an ES module
//! that loads nothing by itself.

use std::env;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [library, folder, name] = arguments.as_slice() else {
        eprintln!("usage: llavero-wasm-tool LIBRARY.wasm FOLDER NAME");
        return ExitCode::from(2);
    };
    match write(library, folder, name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn write(library: &str, folder: &str, name: &str) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    let bindgen = bindgen.input_path(library).out_name(name).typescript(false);
    // `web`: one ES module that Node and a browser both read. The package's own types are written by hand.
    let bindgen = bindgen.web(true).map_err(|error| error.to_string())?;
    bindgen.remove_producers_section(true).generate(folder).map_err(|error| format!("{error:#}"))
}
