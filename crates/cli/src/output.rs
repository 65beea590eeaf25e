//! What a command prints: words for people, with colours on a terminal only, or one JSON document.

use std::fmt::Display;

use anstyle::{AnsiColor, Style};
use llavero_mexico::Language;
use serde_json::{Value, json};

use crate::failure::Failure;

/// How to print.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    pub(crate) json: bool,
    pub(crate) language: Language,
}

const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const NOTE: Style = AnsiColor::Yellow.on_default();
const FAINT: Style = Style::new().dimmed();
const TITLE: Style = Style::new().bold();

impl Output {
    /// The text in the language of the person who reads.
    pub(crate) fn pick<'t>(self, es: &'t str, en: &'t str) -> &'t str {
        if self.language == Language::EsMx { es } else { en }
    }

    /// Prints the JSON document of a command, if that is what was asked for.
    pub(crate) fn json(self, document: &Value) {
        if self.json {
            anstream::println!("{document}");
        }
    }

    /// Prints a line for people.
    pub(crate) fn line(self, text: impl Display) {
        if !self.json {
            anstream::println!("{text}");
        }
    }

    pub(crate) fn title(self, text: impl Display) {
        self.line(format_args!("\n{TITLE}{text}{TITLE:#}"));
    }

    pub(crate) fn good(self, text: impl Display) {
        self.line(format_args!("{GOOD}✓{GOOD:#} {text}"));
    }

    pub(crate) fn bad(self, text: impl Display) {
        self.line(format_args!("{BAD}✗{BAD:#} {text}"));
    }

    pub(crate) fn note(self, text: impl Display) {
        self.line(format_args!("{NOTE}!{NOTE:#} {text}"));
    }

    pub(crate) fn faint(self, text: impl Display) {
        self.line(format_args!("{FAINT}{text}{FAINT:#}"));
    }

    /// Reports a failure: as JSON on standard output, for people on standard error.
    pub(crate) fn failure(self, failure: &Failure) {
        if self.json {
            self.json(&json!({
                "error": { "code": failure.code, "message": failure.message, "hint": failure.hint },
            }));
            return;
        }
        anstream::eprintln!("{BAD}error{BAD:#} [{}]: {}", failure.code, failure.message);
        if let Some(hint) = &failure.hint {
            anstream::eprintln!("  {NOTE}→{NOTE:#} {hint}");
        }
    }
}
