//! Words that look like what they are: made up.

/// Surnames nobody has.
pub(super) const PALABRAS: &[&str] = &[
    "ACASO",
    "BOCETO",
    "CROQUIS",
    "DE LA MUESTRA",
    "DEL ENSAYO",
    "DEMOSTRADOR",
    "DIBUJO",
    "EJEMPLO",
    "ENSAYO",
    "FICTICIO",
    "HIPÓTESIS",
    "IMAGINARIO",
    "INVENTO",
    "JUGUETE",
    "KILATE",
    "LETRERO",
    "MAQUETA",
    "MUESTRA",
    "NOVELA",
    "ÑANDÚ",
    "ORIGAMI",
    "PARÁBOLA",
    "PRUEBA",
    "QUIMERA",
    "SINTÉTICO",
    "SUEÑO",
    "UTOPÍA",
    "VECTOR",
    "WALKIRIA",
    "XILÓFONO",
    "YUNQUE",
    "ZAFIRO",
];

/// Given names printed with H.
pub(super) const NOMBRES_H: &[&str] = &[
    "AURELIO",
    "DEMETRIO",
    "GUMERSINDO",
    "HERIBERTO",
    "JOSÉ",
    "JUVENTINO",
    "MELQUÍADES",
    "NICANOR",
    "PLUTARCO",
    "ROGACIANO",
    "TELÉSFORO",
    "URBANO",
    "WENCESLAO",
];

/// Given names printed with M.
pub(super) const NOMBRES_M: &[&str] = &[
    "BEATRIZ",
    "CELESTE",
    "EUGENIA",
    "FELÍCITAS",
    "IRENE",
    "KAREN",
    "LEOCADIA",
    "MARÍA",
    "OFELIA",
    "QUETZALI",
    "SINFOROSA",
    "VICENTA",
    "XÓCHITL",
    "YOLOTL",
    "ZENAIDA",
];

/// Streets that are on no map.
pub(super) const CALLES: &[&str] =
    &["CALLE DEL EJEMPLO", "AVENIDA FICTICIA", "PRIVADA DE LA MUESTRA", "CALZADA IMAGINARIA"];

/// Neighbourhoods that are on no map.
pub(super) const COLONIAS: &[&str] =
    &["COLONIA DE PRUEBA", "BARRIO DEL BOCETO", "UNIDAD MAQUETA", "FRACCIONAMIENTO UTOPÍA"];
