//! Folders that a step fills anew.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::process::Outcome;

/// Takes the folder away, if it is there, and all that is in it.
pub(crate) fn remove(folder: &Path) -> Outcome {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(format!("{}: {error}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// Makes the folder, or takes away what is in it.
pub(crate) fn empty(folder: &Path) -> Outcome {
    remove(folder)?;
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))
}
