//! Files, standard streams and the clock: the only places where this program meets the machine.

use std::io::{Read as _, Write as _};
use std::path::Path;

use llavero_core::UnixTime;
use serde_json::Value;

use crate::failure::Failure;

/// Nothing that this program reads whole is larger.
const MAX_FILE_BYTES: u64 = 256 << 20;

/// Reads a file, or standard input for `-`.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let failure = |error| Failure::file(path, &error);
    let mut bytes = Vec::new();
    let source: Box<dyn std::io::Read> = if path == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(path).map_err(failure)?)
    };
    source.take(MAX_FILE_BYTES).read_to_end(&mut bytes).map_err(failure)?;
    Ok(bytes)
}

/// Reads a file as text, to the last byte.
pub(crate) fn read_exactly(path: &Path) -> Result<String, Failure> {
    String::from_utf8(read(path)?).map_err(|_| {
        Failure::usage(format!("{}: not UTF-8 text", path.display()), "Give a text file.")
    })
}

/// Reads a file as text, without the white space around it.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    Ok(read_exactly(path)?.trim().to_owned())
}

/// Reads a file as JSON.
pub(crate) fn read_json(path: &Path) -> Result<Value, Failure> {
    serde_json::from_slice(&read(path)?).map_err(|error| {
        Failure::usage(
            format!(
                "{}: not JSON (line {}, column {})",
                path.display(),
                error.line(),
                error.column()
            ),
            "Give a JSON file.",
        )
    })
}

/// Writes a file whole or not at all; `private` ones are readable by their owner only.
pub(crate) fn write(path: &Path, bytes: &[u8], private: bool) -> Result<(), Failure> {
    let failure = |error| Failure::file(path, &error);
    if path == Path::new("-") {
        return std::io::stdout().write_all(bytes).map_err(failure);
    }
    let folder =
        path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(if private { 0o600 } else { 0o644 }));
    }
    #[cfg(not(unix))]
    let _ = private;
    let mut file = builder.tempfile_in(folder).map_err(failure)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(failure)?;
    file.persist(path).map_err(|error| failure(error.error))?;
    Ok(())
}

/// Writes a JSON document with a line end behind.
pub(crate) fn write_json(path: &Path, document: &Value, private: bool) -> Result<(), Failure> {
    write(path, format!("{document:#}\n").as_bytes(), private)
}

/// The computer's clock.
#[expect(
    clippy::disallowed_methods,
    reason = "somebody has to look at the clock, and it is the command line"
)]
pub(crate) fn clock() -> UnixTime {
    let since =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    UnixTime::from_secs(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// A time as people write it: seconds since 1970, or `2026-01-31T12:00:00Z`.
pub(crate) fn parse_time(text: &str) -> Result<UnixTime, String> {
    if let Ok(secs) = text.parse() {
        return Ok(UnixTime::from_secs(secs));
    }
    let time: jiff::Timestamp = text
        .parse()
        .map_err(|_| "give seconds since 1970 or a time like 2026-01-31T12:00:00Z".to_owned())?;
    Ok(UnixTime::from_secs(time.as_second()))
}

/// A time as people read it.
pub(crate) fn show_time(time: UnixTime) -> String {
    jiff::Timestamp::from_second(time.as_secs())
        .map_or_else(|_| time.to_string(), |time| time.to_string())
}
