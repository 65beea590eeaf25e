//! What a type looks like and is called (draft -19 §5.5), and which language to take.

use serde_json::Value;

use super::document::{At, Members, array, object, required_text, shown, text};
use super::{
    Integrity, MAX_DESCRIPTION_CHARS, MAX_LOCALES, MAX_SVG_TEMPLATES, TypeMetadataError as Error,
};
use crate::request::MAX_TEXT_CHARS;

/// What a type is called in one language, and what it looks like.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct TypeDisplay {
    /// A language tag (RFC 5646).
    pub locale: String,
    /// The type's name for people.
    pub name: String,
    /// More about it.
    pub description: Option<String>,
    /// A logo, of the rendering method `simple`.
    pub logo: Option<Resource>,
    /// What the logo shows, for who cannot see it.
    pub logo_alt_text: Option<String>,
    /// A picture to lie behind the text.
    pub background_image: Option<Resource>,
    /// The colour behind the text. A colour that is not written `#rgb` or `#rrggbb` is left out.
    pub background_color: Option<Rgb>,
    /// The colour of the text.
    pub text_color: Option<Rgb>,
    /// SVG templates. This library draws none. Who does must read §5.5.1.2.2: values escaped, in text only, no code run,
    /// nothing fetched.
    pub svg_templates: Vec<SvgTemplate>,
}

/// An address in a document, and what must be found there. Nothing here fetches it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Resource {
    /// The address as the document has it. It may be a `data:` URI, and it may be hostile: fetch over HTTPS only, bounded,
    /// never from inside your own network (§7.1).
    pub uri: String,
    /// Which octets it must have, if the document says: see [`Integrity::verify`]. Without it nothing is known of what is
    /// there today.
    pub integrity: Option<Integrity>,
}

/// An SVG template, and what it is made for (§5.5.1.2).
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct SvgTemplate {
    /// Where it is.
    pub resource: Resource,
    /// The shape of screen it is made for.
    pub orientation: Option<Orientation>,
    /// The colours it is made for.
    pub color_scheme: Option<ColorScheme>,
    /// The contrast it is made for.
    pub contrast: Option<Contrast>,
}

/// The shape of screen a template is made for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(clippy::exhaustive_enums, reason = "the specification has these")]
pub enum Orientation {
    /// Wider than high.
    Landscape,
    /// Higher than wide.
    Portrait,
}

/// The colours a template is made for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(clippy::exhaustive_enums, reason = "the specification has these")]
pub enum ColorScheme {
    /// Light on dark.
    Dark,
    /// Dark on light.
    Light,
}

/// The contrast a template is made for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(clippy::exhaustive_enums, reason = "the specification has these")]
pub enum Contrast {
    /// For those who need more.
    High,
    /// The usual.
    Normal,
}

/// A colour. A number cannot carry anything else into a style sheet.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(clippy::exhaustive_structs, reason = "a colour has these")]
pub struct Rgb {
    /// 0 to 255.
    pub red: u8,
    /// 0 to 255.
    pub green: u8,
    /// 0 to 255.
    pub blue: u8,
}

impl Rgb {
    fn read(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        let number = u32::from_str_radix(digits, 16).ok()?;
        let plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let number = match digits.len() {
            6 => number,
            // `#rgb` is short for `#rrggbb`.
            3 => {
                ((number & 0xf00) * 0x1100) | ((number & 0x0f0) * 0x110) | ((number & 0x00f) * 0x11)
            }
            _ => return None,
        };
        let [_, red, green, blue] = number.to_be_bytes();
        plain.then_some(Self { red, green, blue })
    }
}

/// Something that is there in several languages.
pub(super) trait Localized {
    fn locale(&self) -> &str;
}

impl Localized for TypeDisplay {
    fn locale(&self) -> &str {
        &self.locale
    }
}

/// The entry for the first of `preferred` that there is one for. A tag is looked up as it is, then without its last
/// subtags one by one (RFC 4647 §3.4), then by its language alone among all regions. If no preferred language is there,
/// the document's first entry.
pub(super) fn best<'e, L: Localized>(entries: &'e [L], preferred: &[&str]) -> Option<&'e L> {
    let same =
        |range: &str| entries.iter().find(|entry| entry.locale().eq_ignore_ascii_case(range));
    let language = |range: &str| {
        let wanted = primary(range);
        entries.iter().find(|entry| primary(entry.locale()).eq_ignore_ascii_case(wanted))
    };
    let looked_up = preferred.iter().find_map(|range| {
        std::iter::successors(Some(*range), |range| Some(range.rsplit_once('-')?.0))
            .take(MAX_SUBTAGS)
            .find_map(same)
            .or_else(|| language(range))
    });
    looked_up.or_else(|| entries.first())
}

/// Subtags of the longest tag that anybody uses, and more.
const MAX_SUBTAGS: usize = 8;

fn primary(tag: &str) -> &str {
    tag.split_once('-').map_or(tag, |(language, _)| language)
}

/// A language tag as RFC 5646 §2.1 builds it: subtags of one to eight letters and digits, the first of letters.
fn is_language_tag(tag: &str) -> bool {
    let subtag = |subtag: &str| {
        (1..=8).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphabetic());
    tag.len() <= MAX_TAG_BYTES && tag.split('-').all(subtag) && letters(primary(tag))
}

/// RFC 5646 §4.4.1 finds 35 enough.
const MAX_TAG_BYTES: usize = 64;

pub(super) fn read_locale(members: &Members, at: &At<'_>) -> Result<String, Error> {
    let locale = required_text(members, "locale", at)?;
    if is_language_tag(locale) {
        Ok(locale.to_owned())
    } else {
        Err(at.member("locale").malformed())
    }
}

/// The entries of one `display`, without those that cannot be shown.
pub(super) fn read_entries<T>(
    entries: &[Value],
    at: &At<'_>,
    read: impl Fn(&Value, &At<'_>) -> Result<Option<T>, Error>,
) -> Result<Vec<T>, Error> {
    if entries.len() > MAX_LOCALES {
        return Err(Error::LimitExceeded { limit: "entries of a display" });
    }
    let read = |(index, entry)| read(entry, &at.element(index)).transpose();
    entries.iter().enumerate().filter_map(read).collect()
}

pub(super) fn read_all(entries: &[Value], at: &At<'_>) -> Result<Vec<TypeDisplay>, Error> {
    read_entries(entries, at, read_one)
}

fn read_one(entry: &Value, at: &At<'_>) -> Result<Option<TypeDisplay>, Error> {
    let members = object(entry, at)?;
    let locale = read_locale(members, at)?;
    let name = required_text(members, "name", at)?;
    let description = shown(text(members, "description", at)?, MAX_DESCRIPTION_CHARS);
    let mut display = TypeDisplay {
        locale,
        name: String::new(),
        description,
        logo: None,
        logo_alt_text: None,
        background_image: None,
        background_color: None,
        text_color: None,
        svg_templates: Vec::new(),
    };
    if let Some(rendering) = members.get("rendering") {
        let at = at.member("rendering");
        let methods = object(rendering, &at)?;
        if let Some(simple) = methods.get("simple") {
            read_simple(&mut display, simple, &at.member("simple"))?;
        }
        if let Some(templates) = array(methods, "svg_templates", &at)? {
            display.svg_templates = read_templates(templates, &at.member("svg_templates"))?;
        }
    }
    Ok(shown(Some(name), MAX_TEXT_CHARS).map(|name| TypeDisplay { name, ..display }))
}

fn read_simple(display: &mut TypeDisplay, simple: &Value, at: &At<'_>) -> Result<(), Error> {
    let members = object(simple, at)?;
    if let Some(logo) = members.get("logo") {
        let at = at.member("logo");
        let logo = object(logo, &at)?;
        display.logo = Some(read_resource(logo, &at)?);
        display.logo_alt_text = shown(text(logo, "alt_text", &at)?, MAX_TEXT_CHARS);
    }
    if let Some(image) = members.get("background_image") {
        let at = at.member("background_image");
        display.background_image = Some(read_resource(object(image, &at)?, &at)?);
    }
    display.background_color = text(members, "background_color", at)?.and_then(Rgb::read);
    display.text_color = text(members, "text_color", at)?.and_then(Rgb::read);
    Ok(())
}

fn read_resource(members: &Members, at: &At<'_>) -> Result<Resource, Error> {
    let uri = required_text(members, "uri", at)?;
    // RFC 3986 has no other characters; white space or a control character would mean something to whoever prints it.
    if !uri.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(at.member("uri").malformed());
    }
    let integrity = text(members, "uri#integrity", at)?.map(Integrity::new);
    Ok(Resource { uri: uri.to_owned(), integrity })
}

fn read_templates(templates: &[Value], at: &At<'_>) -> Result<Vec<SvgTemplate>, Error> {
    if templates.len() > MAX_SVG_TEMPLATES {
        return Err(Error::LimitExceeded { limit: "SVG templates of a display" });
    }
    let read = |(index, template)| read_template(template, templates.len() > 1, &at.element(index));
    templates.iter().enumerate().map(read).collect()
}

fn read_template(template: &Value, several: bool, at: &At<'_>) -> Result<SvgTemplate, Error> {
    let members = object(template, at)?;
    let resource = read_resource(members, at)?;
    let mut template =
        SvgTemplate { resource, orientation: None, color_scheme: None, contrast: None };
    let at = at.member("properties");
    match members.get("properties") {
        // With several, nothing else tells which one to take.
        None if several => return Err(at.malformed()),
        None => {}
        Some(properties) => {
            let properties = object(properties, &at)?;
            template.orientation = match text(properties, "orientation", &at)? {
                None => None,
                Some("landscape") => Some(Orientation::Landscape),
                Some("portrait") => Some(Orientation::Portrait),
                Some(_) => return Err(at.member("orientation").malformed()),
            };
            template.color_scheme = match text(properties, "color_scheme", &at)? {
                None => None,
                Some("dark") => Some(ColorScheme::Dark),
                Some("light") => Some(ColorScheme::Light),
                Some(_) => return Err(at.member("color_scheme").malformed()),
            };
            template.contrast = match text(properties, "contrast", &at)? {
                None => None,
                Some("high") => Some(Contrast::High),
                Some("normal") => Some(Contrast::Normal),
                Some(_) => return Err(at.member("contrast").malformed()),
            };
            let (orientation, scheme) = (template.orientation, template.color_scheme);
            if orientation.is_none() && scheme.is_none() && template.contrast.is_none() {
                return Err(at.malformed());
            }
        }
    }
    Ok(template)
}
