//! What to tell a person about each code of SPEC.md §15, in both languages.
//!
//! Whoever reads a text can see no more than the app: a citizen with a wallet, a clerk at a counter. So each text says
//! what happened and what to do next. The code stands beside it for those who build the app. Warnings are not here:
//! they carry their own texts, with names in them.

/// What to tell a person about one code.
pub(crate) struct Text {
    pub(crate) code: &'static str,
    pub(crate) es_mx: &'static str,
    pub(crate) en: &'static str,
}

/// The text of `code`; a general one for a code that is not known here.
pub(crate) fn text(code: &str) -> &'static Text {
    let found = TEXTS.binary_search_by(|row| row.code.cmp(code)).ok();
    found.and_then(|position| TEXTS.get(position)).unwrap_or(&UNKNOWN)
}

/// Stands for every code that has no row.
static UNKNOWN: Text = Text {
    code: "",
    es_mx: "Algo no salió bien. Inténtelo de nuevo; si sigue igual, avise a quien hizo la aplicación.",
    en: "Something went wrong. Try again; if it goes on, tell those who made the app.",
};

/// Sorted by code, for the search.
static TEXTS: &[Text] = &[
    Text {
        code: "algorithm_not_allowed",
        es_mx: "La firma usa un método que no se acepta. No la dé por válida; pida otra a quien la hizo.",
        en: "The signature uses a method that is not accepted. Do not rely on it; ask the signer for another.",
    },
    Text {
        code: "already_received",
        es_mx: "Esta cartera ya había recibido esta copia. Pida copias nuevas al emisor.",
        en: "This wallet has received this copy before. Ask the issuer for new copies.",
    },
    Text {
        code: "already_used",
        es_mx: "Este paso ya se hizo y no se puede repetir. Empiece de nuevo.",
        en: "This step was taken already and cannot be repeated. Start again.",
    },
    Text {
        code: "answer_credential_missing",
        es_mx: "Falta una credencial que se pidió. Pida a la persona que conteste de nuevo.",
        en: "A credential that was asked for is missing. Ask the person to answer again.",
    },
    Text {
        code: "answer_credential_set_missing",
        es_mx: "Ninguna de las combinaciones de credenciales que se pidieron llegó completa. Pida que se conteste de nuevo.",
        en: "None of the combinations of credentials asked for came whole. Ask the person to answer again.",
    },
    Text {
        code: "answer_empty",
        es_mx: "La respuesta llegó vacía. Pida a la persona que conteste de nuevo.",
        en: "The answer came empty. Ask the person to answer again.",
    },
    Text {
        code: "answer_id_unknown",
        es_mx: "Una parte de la respuesta no corresponde a nada de lo que se pidió. No la acepte; haga la solicitud de nuevo.",
        en: "Part of the answer belongs to nothing that was asked for. Do not accept it; make the request again.",
    },
    Text {
        code: "answer_over_disclosed",
        es_mx: "La respuesta muestra datos que no se pidieron. No la acepte ni guarde esos datos; pida otra.",
        en: "The answer shows data that were not asked for. Do not accept it or keep those data; ask for another.",
    },
    Text {
        code: "answer_repeated",
        es_mx: "La respuesta contesta dos veces lo mismo. No la acepte; pida otra.",
        en: "The answer replies to the same thing twice. Do not accept it; ask for another.",
    },
    Text {
        code: "answer_too_many_presentations",
        es_mx: "La respuesta trae varias credenciales donde se pidió una sola. No la acepte; pida otra.",
        en: "The answer has several credentials where only one was asked for. Do not accept it; ask for another.",
    },
    Text {
        code: "answer_unrequested",
        es_mx: "La respuesta trae una credencial que no hacía falta. No la acepte; pida otra.",
        en: "The answer has a credential that was not needed. Do not accept it; ask for another.",
    },
    Text {
        code: "argument_malformed",
        es_mx: "La aplicación recibió un dato incompleto o imposible. Revise lo que escribió; si sigue igual, avise a quien la hizo.",
        en: "The app was given an incomplete or impossible value. Check what you typed; if it goes on, tell those who made the app.",
    },
    Text {
        code: "audience_mismatch",
        es_mx: "La respuesta se hizo para alguien más. No la acepte; pida una nueva.",
        en: "The answer was made for somebody else. Do not accept it; ask for a new one.",
    },
    Text {
        code: "base64url",
        es_mx: "El texto está incompleto o tiene un signo que no va ahí. Cópielo completo o pida que se lo envíen de nuevo.",
        en: "The text is incomplete or has a character that does not belong. Copy all of it or ask for it again.",
    },
    Text {
        code: "batch_size",
        es_mx: "No hay copias, o son demasiadas a la vez. Cambie la cantidad y pídalas de nuevo.",
        en: "There are no copies, or too many at a time. Change the number and ask again.",
    },
    Text {
        code: "callback_failed",
        es_mx: "La aplicación no pudo guardar, firmar o generar algo. Ciérrela, ábrala e inténtelo de nuevo; si sigue igual, avise a quien la hizo.",
        en: "The app could not save, sign or generate something. Close it, open it and try again; if it goes on, tell those who made it.",
    },
    Text {
        code: "callback_malformed",
        es_mx: "Una parte de la aplicación contestó algo imposible. Actualícela; si sigue igual, avise a quien la hizo.",
        en: "A part of the app answered something impossible. Update the app; if it goes on, tell those who made it.",
    },
    Text {
        code: "callback_reentered",
        es_mx: "La aplicación quiso hacer dos cosas a la vez. Espere un momento e inténtelo de nuevo; si sigue igual, avise a quien la hizo.",
        en: "The app tried to do two things at once. Wait a moment and try again; if it goes on, tell those who made it.",
    },
    Text {
        code: "callback_timed_out",
        es_mx: "Una parte de la aplicación no contestó a tiempo. Inténtelo de nuevo; si sigue igual, reinicie el dispositivo.",
        en: "A part of the app did not answer in time. Try again; if it goes on, restart the device.",
    },
    Text {
        code: "certificate",
        es_mx: "Los certificados de quien emitió la credencial no se aceptan. No la dé por válida; pida otra al emisor.",
        en: "The certificates of the credential's issuer are not accepted. Do not rely on it; ask the issuer for another.",
    },
    Text {
        code: "challenge_closed",
        es_mx: "La respuesta llegó fuera de tiempo. Haga la solicitud de nuevo y revise el reloj del equipo.",
        en: "The answer did not come in time. Make the request again and check the clock of this device.",
    },
    Text {
        code: "challenge_lifetime",
        es_mx: "El plazo para contestar es de cero o es demasiado largo. Elija otro.",
        en: "The time allowed for the answer is zero or too long. Choose another.",
    },
    Text {
        code: "choice",
        es_mx: "Un dato no es una de las opciones que se permiten. Elija una de ellas.",
        en: "A value is not one of the options allowed. Choose one of them.",
    },
    Text {
        code: "choice_unknown",
        es_mx: "Esa opción no existe para esta solicitud. Elija otra vez.",
        en: "There is no such choice for this request. Choose again.",
    },
    Text {
        code: "claim_missing",
        es_mx: "Falta un dato indispensable. Pida que la credencial se presente de nuevo con ese dato.",
        en: "A required piece of data is missing. Ask for the credential to be presented again with it.",
    },
    Text {
        code: "claim_not_found",
        es_mx: "La credencial no tiene ese dato. Elija otro dato u otra credencial.",
        en: "The credential does not have that piece of data. Choose another one or another credential.",
    },
    Text {
        code: "claim_overflow",
        es_mx: "Hay más datos de los que caben en la credencial. Quite los que sobren.",
        en: "There are more data than the credential has room for. Remove what is not needed.",
    },
    Text {
        code: "claim_unknown",
        es_mx: "Ese dato no es parte de este tipo de credencial. Quítelo o elija otro tipo.",
        en: "That piece of data is not part of this type of credential. Remove it or choose another type.",
    },
    Text {
        code: "clave_elector_date",
        es_mx: "La fecha que lleva la clave de elector no existe. Cotéjela con la credencial para votar.",
        en: "The date inside the clave de elector does not exist. Compare it with the card.",
    },
    Text {
        code: "clave_elector_entity",
        es_mx: "La clave de elector lleva una entidad que no existe. Cotéjela con la credencial para votar.",
        en: "The clave de elector has the code of no entidad. Compare it with the card.",
    },
    Text {
        code: "clave_elector_length",
        es_mx: "La clave de elector tiene 18 caracteres. Revise si falta o sobra alguno.",
        en: "A clave de elector has 18 characters. Check whether one is missing or too many.",
    },
    Text {
        code: "clave_elector_sex",
        es_mx: "La letra del sexo en la clave de elector debe ser H, M o X. Cotéjela con la credencial para votar.",
        en: "The letter of the sex in the clave de elector must be H, M or X. Compare it with the card.",
    },
    Text {
        code: "clave_elector_structure",
        es_mx: "La clave de elector tiene un carácter fuera de lugar. Revise sobre todo 0 y O, 1 e I.",
        en: "A character of the clave de elector is out of place. Look above all at 0 and O, 1 and I.",
    },
    Text {
        code: "confirmation_missing",
        es_mx: "La credencial no está ligada a una llave que sirva, así que no prueba de quién es. No la acepte; pida otra.",
        en: "The credential is bound to no usable key, so it cannot show whose it is. Do not accept it; ask for another.",
    },
    Text {
        code: "conflict",
        es_mx: "Dos datos del registro se contradicen. Revise cuál está mal y corríjalo.",
        en: "Two fields of the record contradict each other. Find out which is wrong and correct it.",
    },
    Text {
        code: "credential_expired",
        es_mx: "La credencial ya venció. Pida una nueva al emisor.",
        en: "The credential has expired. Ask the issuer for a new one.",
    },
    Text {
        code: "credential_set_unmet",
        es_mx: "Sus credenciales no alcanzan para lo que se pide. Pregunte qué otra credencial se acepta.",
        en: "Your credentials are not enough for what is asked. Find out which other credential is accepted.",
    },
    Text {
        code: "credential_unknown",
        es_mx: "Esa credencial no está en la cartera, o ya no está. Vuelva a abrir la lista de credenciales.",
        en: "That credential is not in the wallet, or not any more. Open the list of credentials again.",
    },
    Text {
        code: "critical_header",
        es_mx: "Se exige algo que esta aplicación no sabe comprobar. Actualícela e inténtelo de nuevo.",
        en: "Something is demanded that this app cannot check. Update the app and try again.",
    },
    Text {
        code: "curp_charset",
        es_mx: "La CURP solo lleva números y letras de la A a la Z, sin acentos ni Ñ. Corríjala.",
        en: "A CURP has only digits and letters from A to Z, with no accents and no Ñ. Correct it.",
    },
    Text {
        code: "curp_check_digit",
        es_mx: "El último dígito de la CURP no concuerda con lo demás. Revise que esté bien escrita.",
        en: "The last digit of the CURP does not agree with the rest. Check that it is written correctly.",
    },
    Text {
        code: "curp_consonant",
        es_mx: "Los caracteres 14 a 16 de la CURP no pueden ser vocales. Revise que esté bien escrita.",
        en: "Characters 14 to 16 of a CURP cannot be vowels. Check that it is written correctly.",
    },
    Text {
        code: "curp_date",
        es_mx: "La fecha de nacimiento que lleva la CURP no existe. Revise los caracteres 5 a 10 y el 17.",
        en: "The date of birth inside the CURP does not exist. Check characters 5 to 10 and 17.",
    },
    Text {
        code: "curp_differentiator",
        es_mx: "El carácter 17 de la CURP no está previsto en las reglas. Revise que esté bien escrita.",
        en: "Character 17 of the CURP is not foreseen by the rules. Check that it is written correctly.",
    },
    Text {
        code: "curp_future_date",
        es_mx: "Según la CURP, la persona nace después de hoy. Revise la CURP y el reloj del equipo.",
        en: "By the CURP, the person is born after today. Check the CURP and the clock of this device.",
    },
    Text {
        code: "curp_inconvenient_word",
        es_mx: "La CURP empieza con una palabra que las reglas no permiten. Cotéjela con la constancia.",
        en: "The CURP begins with a word that the rules do not allow. Compare it with the official copy.",
    },
    Text {
        code: "curp_length",
        es_mx: "La CURP tiene 18 caracteres. Revise si falta o sobra alguno.",
        en: "A CURP has 18 characters. Check whether one is missing or too many.",
    },
    Text {
        code: "curp_name_vowel",
        es_mx: "La segunda letra de la CURP debe ser una vocal o X. Revise que esté bien escrita.",
        en: "The second letter of a CURP must be a vowel or X. Check that it is written correctly.",
    },
    Text {
        code: "curp_of_another",
        es_mx: "La CURP no puede ser de esta persona. Cotéjela con el nombre, la fecha, el sexo y la entidad de nacimiento.",
        en: "The CURP cannot be this person's. Compare it with the name, date, sex and entidad of birth.",
    },
    Text {
        code: "curp_placeholder",
        es_mx: "Ese valor es de relleno y no es la CURP de nadie. Escriba la verdadera.",
        en: "That value is a filler and nobody's CURP. Write the real one.",
    },
    Text {
        code: "curp_sex",
        es_mx: "El carácter 11 de la CURP debe ser H, M o X. Revise que esté bien escrita.",
        en: "Character 11 of a CURP must be H, M or X. Check that it is written correctly.",
    },
    Text {
        code: "curp_state",
        es_mx: "Los caracteres 12 y 13 de la CURP no son la clave de ninguna entidad. Revise que esté bien escrita.",
        en: "Characters 12 and 13 of the CURP are the code of no entidad. Check that it is written correctly.",
    },
    Text {
        code: "curp_structure",
        es_mx: "La CURP tiene un número donde va una letra, o al revés. Revise sobre todo 0 y O, 1 e I.",
        en: "The CURP has a digit where a letter belongs, or the reverse. Look above all at 0 and O, 1 and I.",
    },
    Text {
        code: "date_format",
        es_mx: "La fecha se escribe con año, mes y día, así: 2030-12-31. Corríjala.",
        en: "A date is written as year, month and day, like this: 2030-12-31. Correct it.",
    },
    Text {
        code: "date_malformed",
        es_mx: "Una fecha falta o no se puede leer. No acepte la credencial; pida otra.",
        en: "A date is missing or cannot be read. Do not accept the credential; ask for another.",
    },
    Text {
        code: "date_range",
        es_mx: "Esa fecha no es posible para ese dato. Revísela.",
        en: "That date is not possible there. Check it.",
    },
    Text {
        code: "digest_repeated",
        es_mx: "La credencial repite una parte que debe ser única. No la acepte; pida otra.",
        en: "The credential repeats a part that must be unique. Do not accept it; ask for another.",
    },
    Text {
        code: "digits",
        es_mx: "Ese dato lleva una cantidad exacta de dígitos y nada más. Revise si falta o sobra alguno.",
        en: "That field has an exact number of digits and nothing else. Check whether one is missing or too many.",
    },
    Text {
        code: "disclosure_arity",
        es_mx: "A uno de los datos de la credencial le faltan o le sobran partes. No la acepte; pida otra.",
        en: "One of the credential's data has parts missing or too many. Do not accept it; ask for another.",
    },
    Text {
        code: "disclosure_malformed",
        es_mx: "Uno de los datos de la credencial no se puede leer. No la acepte; pida otra.",
        en: "One of the credential's data cannot be read. Do not accept it; ask for another.",
    },
    Text {
        code: "disclosure_name",
        es_mx: "Uno de los datos de la credencial lleva un nombre repetido o no permitido. No la acepte; pida otra.",
        en: "One of the credential's data has a repeated or forbidden name. Do not accept it; ask for another.",
    },
    Text {
        code: "disclosure_unreferenced",
        es_mx: "Viene un dato que no es parte de la credencial firmada. No la acepte; pida otra.",
        en: "There is a piece of data that is not part of the signed credential. Do not accept it; ask for another.",
    },
    Text {
        code: "entidad",
        es_mx: "Esa clave no es de ninguna entidad. Elija una de la lista.",
        en: "That is the code of no entidad. Choose one from the list.",
    },
    Text {
        code: "expired",
        es_mx: "La credencial ya venció y no se puede aceptar. Se necesita una nueva del emisor.",
        en: "The credential has expired and cannot be accepted. A new one from the issuer is needed.",
    },
    Text {
        code: "field_missing",
        es_mx: "Al registro le falta un dato obligatorio. Complételo.",
        en: "The record lacks a required field. Fill it in.",
    },
    Text {
        code: "field_type",
        es_mx: "Un dato del registro no es de la clase debida, por ejemplo un número en lugar de un texto. Corríjalo.",
        en: "A field of the record is of the wrong kind, for example a number in place of a text. Correct it.",
    },
    Text {
        code: "field_unknown",
        es_mx: "El registro trae un campo que no se conoce. Quítelo o corrija su nombre.",
        en: "The record has a field that is not known. Remove it or correct its name.",
    },
    Text {
        code: "hash_algorithm",
        es_mx: "La credencial protege sus datos con un método que no se acepta. No la acepte; pida otra.",
        en: "The credential protects its data with a method that is not accepted. Do not accept it; ask for another.",
    },
    Text {
        code: "homonym",
        es_mx: "Las reglas no prevén a tantas personas con el mismo principio de CURP. Revise el número de homónimo.",
        en: "The rules foresee fewer people whose CURP begins alike. Check the number of the homonym.",
    },
    Text {
        code: "identifier_malformed",
        es_mx: "El identificador del emisor o del tipo de credencial está vacío o mal escrito. Corríjalo.",
        en: "The identifier of the issuer or of the credential type is empty or malformed. Correct it.",
    },
    Text {
        code: "issuer_mismatch",
        es_mx: "La credencial es de otro emisor, no del que se esperaba. No la acepte.",
        en: "The credential is from another issuer than the one expected. Do not accept it.",
    },
    Text {
        code: "json_duplicate_name",
        es_mx: "Un mismo dato viene dos veces y no se sabe cuál vale. Pida que lo corrijan y se lo envíen de nuevo.",
        en: "One piece of data is given twice, and which one counts is unclear. Ask for it to be corrected and sent again.",
    },
    Text {
        code: "json_not_an_object",
        es_mx: "El contenido no es de la clase que se esperaba. Revise que sea el archivo o el mensaje correcto.",
        en: "The content is not of the kind expected. Check that it is the right file or message.",
    },
    Text {
        code: "json_syntax",
        es_mx: "El contenido está incompleto o mal escrito y no se puede leer. Pida que se lo envíen de nuevo.",
        en: "The content is incomplete or malformed and cannot be read. Ask for it to be sent again.",
    },
    Text {
        code: "json_too_deep",
        es_mx: "El contenido es más complicado de lo que se acepta. Pida a quien lo hizo que lo simplifique.",
        en: "The content is more complicated than is accepted. Ask those who made it to simplify it.",
    },
    Text {
        code: "jwk",
        es_mx: "Una llave está mal hecha o es de una clase que no se acepta. Pida otra a quien la envió.",
        en: "A key is malformed or of a kind that is not accepted. Ask those who sent it for another.",
    },
    Text {
        code: "key_binding_expired",
        es_mx: "La prueba de que la persona tiene la llave ya no es reciente. Pida que la haga de nuevo.",
        en: "The proof that the person has the key is not recent any more. Ask for it to be made again.",
    },
    Text {
        code: "key_binding_in_future",
        es_mx: "La prueba lleva una hora que aún no llega. Revise el reloj de los dos equipos y pida otra.",
        en: "The proof has a time that is yet to come. Check the clocks of both devices and ask for another.",
    },
    Text {
        code: "key_binding_missing",
        es_mx: "Falta la prueba de que la credencial es de quien la presenta. No la acepte; pida que la presente de nuevo.",
        en: "The proof that the credential belongs to the presenter is missing. Do not accept it; ask for it to be presented again.",
    },
    Text {
        code: "key_binding_unexpected",
        es_mx: "La credencial trae una prueba de uso que no se pidió. No la acepte; pida otra sin ella.",
        en: "The credential comes with a proof of use that was not asked for. Do not accept it; ask for another without it.",
    },
    Text {
        code: "key_format",
        es_mx: "No se reconoce la llave o la firma que dio el dispositivo. Actualice la aplicación; si sigue igual, avise a quien la hizo.",
        en: "The key or signature from the device is not recognised. Update the app; if it goes on, tell those who made it.",
    },
    Text {
        code: "key_kind_mixed",
        es_mx: "Las llaves del lote son de dos clases y deben ser de una sola. Pida a la persona que haga la solicitud de nuevo.",
        en: "The keys of the batch are of two kinds and must be of one. Ask the person to make the request again.",
    },
    Text {
        code: "key_not_offered",
        es_mx: "Una copia está ligada a una llave que esta cartera no ofreció. No se guardó ninguna; pida otras al emisor.",
        en: "A copy is bound to a key that this wallet did not offer. None was kept; ask the issuer for others.",
    },
    Text {
        code: "key_repeated",
        es_mx: "Dos copias tendrían la misma llave, y con ella se reconocería a la persona. Hay que pedir el lote de nuevo.",
        en: "Two copies would have one key, by which the person could be recognised. The batch must be asked for again.",
    },
    Text {
        code: "limit_exceeded",
        es_mx: "El contenido es más grande de lo que se acepta. Hay que reducirlo o pedir uno más pequeño.",
        en: "The content is larger than is accepted. Make it smaller or ask for a smaller one.",
    },
    Text {
        code: "lint_claims_differ",
        es_mx: "Las copias no dicen todas lo mismo. Se rechazaron; avise al emisor y pida otras.",
        en: "The copies do not all say the same. They were refused; tell the issuer and ask for others.",
    },
    Text {
        code: "lint_cnf_extra",
        es_mx: "Junto a la llave, las copias traen algo que podría señalarle. Se rechazaron; avise al emisor y pida otras.",
        en: "Beside the key, the copies carry something that could mark you. They were refused; tell the issuer and ask for others.",
    },
    Text {
        code: "lint_date_not_whole_day",
        es_mx: "Las copias llevan una hora exacta que podría delatarle. Se rechazaron; avise al emisor y pida otras.",
        en: "The copies carry an exact time that could give you away. They were refused; tell the issuer and ask for others.",
    },
    Text {
        code: "lint_digest_shared",
        es_mx: "Dos copias tienen una parte en común por la que podrían reconocerle. Se rechazaron; avise al emisor y pida otras.",
        en: "Two copies share a part by which you could be recognised. They were refused; tell the issuer and ask for others.",
    },
    Text {
        code: "lint_header_differs",
        es_mx: "Las copias no empiezan igual, y eso permite distinguirlas. Se rechazaron; avise al emisor y pida otras.",
        en: "The copies do not begin alike, so they can be told apart. They were refused; tell the issuer and ask for others.",
    },
    Text {
        code: "lint_header_extra",
        es_mx: "Al principio de las copias hay algo de más que podría señalarle. Se rechazaron; avise al emisor y pida otras.",
        en: "The copies begin with something extra that could mark you. They were refused; tell the issuer and ask for others.",
    },
    Text {
        code: "lint_identifier_open",
        es_mx: "Las copias mostrarían siempre un dato que le identifica. Se rechazaron; avise al emisor y pida otras.",
        en: "The copies would always show something that identifies you. They were refused; tell the issuer and ask for others.",
    },
    Text {
        code: "lint_layout_differs",
        es_mx: "Las copias no están armadas igual, y eso permite distinguirlas. Se rechazaron; avise al emisor y pida otras.",
        en: "The copies are not laid out alike, so they can be told apart. They were refused; tell the issuer and ask for others.",
    },
    Text {
        code: "lint_open_claim_unique",
        es_mx: "Las copias mostrarían siempre un dato que pocas personas comparten. Se rechazaron; avise al emisor y pida otras.",
        en: "The copies would always show something that few people share. They were refused; tell the issuer and ask for others.",
    },
    Text {
        code: "lint_salt_shared",
        es_mx: "Dos datos ocultos de las copias tienen la misma protección. Se rechazaron; avise al emisor y pida otras.",
        en: "Two hidden pieces of data in the copies share their protection. They were refused; tell the issuer and ask for others.",
    },
    Text {
        code: "lint_salt_short",
        es_mx: "Los datos ocultos de las copias podrían adivinarse. Se rechazaron; avise al emisor y pida otras.",
        en: "The hidden data of the copies could be guessed. They were refused; tell the issuer and ask for others.",
    },
    Text {
        code: "lint_status_index_shared",
        es_mx: "Dos copias tienen el mismo lugar en la lista de estado y podrían reconocerle. Se rechazaron; avise al emisor y pida otras.",
        en: "Two copies share a place in the status list, which could give you away. They were refused; tell the issuer and ask for others.",
    },
    Text {
        code: "lint_status_malformed",
        es_mx: "El dato de estado de las copias podría llevar algo que le señale. Se rechazaron; avise al emisor y pida otras.",
        en: "The status of the copies could carry something that marks you. They were refused; tell the issuer and ask for others.",
    },
    Text {
        code: "member_malformed",
        es_mx: "A lo que llegó le falta una parte, o trae una mal escrita. Pida a quien lo hizo que lo corrija.",
        en: "What came lacks a part or has one that is malformed. Ask those who made it to correct it.",
    },
    Text {
        code: "mismatch_authority",
        es_mx: "No consta que la credencial venga de una de las autoridades que se aceptan. Se necesita otra.",
        en: "It cannot be told that the credential comes from an authority that is accepted. Another one is needed.",
    },
    Text {
        code: "mismatch_claim_absent",
        es_mx: "La credencial no tiene un dato que se pide, o no con el valor que se pide. Se necesita otra.",
        en: "The credential lacks a piece of data that is asked for, or has it with another value. Another one is needed.",
    },
    Text {
        code: "mismatch_claim_sets",
        es_mx: "La credencial no tiene juntos los datos que se piden. Se necesita otra.",
        en: "The credential does not have together the data that are asked for. Another one is needed.",
    },
    Text {
        code: "mismatch_format",
        es_mx: "La credencial está en un formato distinto del que se pide. Se necesita otra.",
        en: "The credential is in another format than the one asked for. Another one is needed.",
    },
    Text {
        code: "mismatch_holder_binding",
        es_mx: "Se pide probar que la credencial es de quien la presenta, y eso falta. Preséntela de nuevo o use otra.",
        en: "Proof is asked for that the credential belongs to the presenter, and it is missing. Present it again or use another.",
    },
    Text {
        code: "mismatch_type",
        es_mx: "La credencial no es de un tipo de los que se piden. Se necesita otra.",
        en: "The credential is of none of the types asked for. Another one is needed.",
    },
    Text {
        code: "modelo",
        es_mx: "El modelo de la credencial para votar es una letra de la A a la J. Cotéjelo con la tarjeta.",
        en: "The model of the voter's card is a letter from A to J. Compare it with the card.",
    },
    Text {
        code: "mrz_birth_date",
        es_mx: "La fecha de nacimiento de las tres líneas del reverso no existe. Vuelva a leerlas.",
        en: "The date of birth in the three lines on the back does not exist. Read them again.",
    },
    Text {
        code: "mrz_charset",
        es_mx: "Las tres líneas del reverso solo llevan letras de la A a la Z, números y el signo <. Vuelva a leerlas.",
        en: "The three lines on the back have only letters from A to Z, digits and the sign <. Read them again.",
    },
    Text {
        code: "mrz_check_birth",
        es_mx: "El dígito que comprueba la fecha de nacimiento no concuerda. Vuelva a leer las tres líneas del reverso.",
        en: "The digit that checks the date of birth does not agree. Read the three lines on the back again.",
    },
    Text {
        code: "mrz_check_composite",
        es_mx: "El dígito que comprueba las líneas en conjunto no concuerda. Vuelva a leer las tres líneas del reverso.",
        en: "The digit that checks the lines as a whole does not agree. Read the three lines on the back again.",
    },
    Text {
        code: "mrz_check_document",
        es_mx: "El dígito que comprueba el CIC no concuerda. Vuelva a leer las tres líneas del reverso.",
        en: "The digit that checks the CIC does not agree. Read the three lines on the back again.",
    },
    Text {
        code: "mrz_check_expiry",
        es_mx: "El dígito que comprueba la fecha de vencimiento no concuerda. Vuelva a leer las tres líneas del reverso.",
        en: "The digit that checks the date of expiry does not agree. Read the three lines on the back again.",
    },
    Text {
        code: "mrz_cic_not_numeric",
        es_mx: "El CIC debe tener nueve dígitos. Vuelva a leer las tres líneas del reverso.",
        en: "The CIC must be nine digits. Read the three lines on the back again.",
    },
    Text {
        code: "mrz_document_code",
        es_mx: "La primera línea debe empezar con ID. Revise que sea el reverso de una credencial para votar.",
        en: "The first line must begin with ID. Check that it is the back of a voter's card.",
    },
    Text {
        code: "mrz_expiry_date",
        es_mx: "La fecha de vencimiento de las tres líneas del reverso no existe. Vuelva a leerlas.",
        en: "The date of expiry in the three lines on the back does not exist. Read them again.",
    },
    Text {
        code: "mrz_issuer",
        es_mx: "El país emisor de las tres líneas debe ser MEX. Revise que sea el reverso de una credencial para votar.",
        en: "The issuing country in the three lines must be MEX. Check that it is the back of a voter's card.",
    },
    Text {
        code: "mrz_length",
        es_mx: "Al reverso van tres líneas de 30 caracteres. Vuelva a leerlas completas.",
        en: "There are three lines of 30 characters on the back. Read all of them again.",
    },
    Text {
        code: "mrz_nationality",
        es_mx: "La nacionalidad de las tres líneas debe ser MEX. Revise que sea el reverso de una credencial para votar.",
        en: "The nationality in the three lines must be MEX. Check that it is the back of a voter's card.",
    },
    Text {
        code: "mrz_ocr_not_numeric",
        es_mx: "El OCR debe tener trece dígitos. Vuelva a leer las tres líneas del reverso.",
        en: "The OCR must be thirteen digits. Read the three lines on the back again.",
    },
    Text {
        code: "mrz_optional1_shape",
        es_mx: "En la primera línea del reverso faltan los dos signos < antes del OCR. Vuelva a leerla.",
        en: "The first line on the back lacks the two signs < before the OCR. Read it again.",
    },
    Text {
        code: "mrz_optional2_shape",
        es_mx: "La última parte de la segunda línea del reverso no tiene la forma debida. Vuelva a leerla.",
        en: "The last part of the second line on the back is not as it should be. Read it again.",
    },
    Text {
        code: "mrz_sex",
        es_mx: "El sexo en las tres líneas del reverso debe ser H, M, X o el signo <. Vuelva a leerlas.",
        en: "The sex in the three lines on the back must be H, M, X or the sign <. Read them again.",
    },
    Text {
        code: "name_charset",
        es_mx: "El nombre tiene un signo que no es de ninguna letra. Revise cómo está escrito.",
        en: "The name has a character that stands for no letter. Check how it is written.",
    },
    Text {
        code: "name_empty",
        es_mx: "El nombre no tiene ninguna letra. Escríbalo.",
        en: "The name has no letter at all. Write it.",
    },
    Text {
        code: "name_length",
        es_mx: "El nombre es demasiado largo. Revise que no se haya juntado con otro dato.",
        en: "The name is too long. Check that it has not run together with something else.",
    },
    Text {
        code: "name_spacing",
        es_mx: "El nombre tiene un espacio al principio o al final, o dos seguidos. Quítelos.",
        en: "The name has a space at the beginning or the end, or two in a row. Remove them.",
    },
    Text {
        code: "no_copies_left",
        es_mx: "Ya usó todas las copias de esta credencial, y ninguna se usa dos veces. Pida más al emisor.",
        en: "All copies of this credential have been used, and none is used twice. Ask the issuer for more.",
    },
    Text {
        code: "no_credential",
        es_mx: "Su cartera no tiene la credencial que se pide. Puede solicitarla a quien la emite.",
        en: "Your wallet does not have the credential that is asked for. You can ask whoever issues it.",
    },
    Text {
        code: "nonce_mismatch",
        es_mx: "La respuesta es de otra solicitud. No la acepte; haga la solicitud de nuevo.",
        en: "The answer is to another request. Do not accept it; make the request again.",
    },
    Text {
        code: "not_an_object",
        es_mx: "El registro no es un objeto JSON. Revise que sea el archivo correcto.",
        en: "The record is not a JSON object. Check that it is the right file.",
    },
    Text {
        code: "not_yet_valid",
        es_mx: "La credencial todavía no empieza a valer. Espere a esa fecha, o revise el reloj del equipo.",
        en: "The credential is not valid yet. Wait for that date, or check the clock of this device.",
    },
    Text {
        code: "nothing_chosen",
        es_mx: "No eligió nada que mostrar. Elija al menos una credencial, o no conteste.",
        en: "You chose nothing to show. Choose at least one credential, or do not answer.",
    },
    Text {
        code: "outlives_document",
        es_mx: "La credencial valdría más tiempo que el documento en que se basa. Elija una vigencia más corta.",
        en: "The credential would be valid for longer than the document behind it. Choose a shorter validity.",
    },
    Text {
        code: "pais",
        es_mx: "El país se escribe con su clave de dos letras mayúsculas, como MX. Corríjalo.",
        en: "A country is written as its code of two capital letters, such as MX. Correct it.",
    },
    Text {
        code: "path_array_expected",
        es_mx: "Se busca un dato de una lista donde no hay ninguna. Quien hizo la solicitud debe corregirla.",
        en: "Part of a list is looked for where there is no list. Those who made the request must correct it.",
    },
    Text {
        code: "path_component_invalid",
        es_mx: "El lugar de un dato se señala con algo que no es nombre ni número. Quien hizo la solicitud debe corregirla.",
        en: "The place of some data is given as neither a name nor a number. Those who made the request must correct it.",
    },
    Text {
        code: "path_empty",
        es_mx: "No se dice qué dato se busca. Quien hizo la solicitud debe corregirla.",
        en: "It is not said which data are looked for. Those who made the request must correct it.",
    },
    Text {
        code: "path_not_an_array",
        es_mx: "El lugar de un dato no se señala en la forma debida. Quien hizo la solicitud debe corregirla.",
        en: "The place of some data is not given in the right form. Those who made the request must correct it.",
    },
    Text {
        code: "path_nothing_selected",
        es_mx: "La credencial no tiene nada en el lugar que se señala. Se necesita otro dato u otra credencial.",
        en: "The credential has nothing in the place that is given. Other data or another credential are needed.",
    },
    Text {
        code: "path_object_expected",
        es_mx: "Se busca un dato por su nombre donde no hay nombres. Quien hizo la solicitud debe corregirla.",
        en: "Data are looked for by name where there are no names. Those who made the request must correct it.",
    },
    Text {
        code: "path_syntax",
        es_mx: "El lugar de un dato está mal escrito. Quien hizo la solicitud debe corregirla.",
        en: "The place of some data is malformed. Those who made the request must correct it.",
    },
    Text {
        code: "path_too_many_segments",
        es_mx: "El lugar de un dato tiene más pasos de los que se aceptan. Quien hizo la solicitud debe corregirla.",
        en: "The place of some data has more steps than are accepted. Those who made the request must correct it.",
    },
    Text {
        code: "picture_base64",
        es_mx: "La fotografía está dañada o incompleta. Cárguela de nuevo.",
        en: "The picture is damaged or incomplete. Load it again.",
    },
    Text {
        code: "picture_length",
        es_mx: "La fotografía pesa demasiado. Use una más pequeña.",
        en: "The picture is too large. Use a smaller one.",
    },
    Text {
        code: "picture_media_type",
        es_mx: "La fotografía debe ser JPEG o PNG. Conviértala y cárguela de nuevo.",
        en: "The picture must be a JPEG or a PNG. Convert it and load it again.",
    },
    Text {
        code: "protected_claim",
        es_mx: "La credencial oculta un dato que siempre debe verse. No la acepte; pida otra.",
        en: "The credential hides something that must always be visible. Do not accept it; ask for another.",
    },
    Text {
        code: "query_claim_sets_without_claims",
        es_mx: "La solicitud da a escoger entre datos y no pide ninguno. Quien la hizo debe corregirla.",
        en: "The request offers a choice of data and asks for none. Those who made it must correct it.",
    },
    Text {
        code: "query_empty",
        es_mx: "La solicitud deja vacía una parte que no puede estarlo. Quien la hizo debe corregirla.",
        en: "The request leaves a part empty that must not be. Those who made it must correct it.",
    },
    Text {
        code: "query_id_malformed",
        es_mx: "La solicitud usa un identificador con signos que no se permiten. Quien la hizo debe corregirla.",
        en: "The request has an identifier with characters that are not allowed. Those who made it must correct it.",
    },
    Text {
        code: "query_id_repeated",
        es_mx: "La solicitud usa dos veces el mismo identificador. Quien la hizo debe corregirla.",
        en: "The request uses one identifier twice. Those who made it must correct it.",
    },
    Text {
        code: "query_id_unknown",
        es_mx: "La solicitud menciona algo que no está en ella. Quien la hizo debe corregirla.",
        en: "The request refers to something that is not in it. Those who made it must correct it.",
    },
    Text {
        code: "query_missing",
        es_mx: "A la solicitud le falta una parte obligatoria. Quien la hizo debe completarla.",
        en: "The request lacks a required part. Those who made it must complete it.",
    },
    Text {
        code: "query_too_many",
        es_mx: "La solicitud pide más cosas de las que se aceptan. Quien la hizo debe reducirla.",
        en: "The request asks for more things than are accepted. Those who made it must shorten it.",
    },
    Text {
        code: "query_value_unsupported",
        es_mx: "La solicitud compara un dato con un valor que no se puede comparar. Quien la hizo debe corregirla.",
        en: "The request compares data with a value that cannot be compared. Those who made it must correct it.",
    },
    Text {
        code: "query_wrong_type",
        es_mx: "Una parte de la solicitud no es de la clase debida. Quien la hizo debe corregirla.",
        en: "A part of the request is of the wrong kind. Those who made it must correct it.",
    },
    Text {
        code: "random",
        es_mx: "El equipo no pudo generar números al azar, y sin ellos no hay seguridad. Reinícielo e inténtelo de nuevo.",
        en: "The device could not generate random numbers, which safety needs. Restart it and try again.",
    },
    Text {
        code: "record_corrupt",
        es_mx: "Algo de lo guardado en la cartera está dañado. Actualice la aplicación; si sigue igual, pida sus credenciales de nuevo.",
        en: "Something kept in the wallet is damaged. Update the app; if it goes on, ask for your credentials again.",
    },
    Text {
        code: "record_version",
        es_mx: "Una versión más nueva de la aplicación guardó algo que esta no entiende. Actualícela.",
        en: "A newer version of the app saved something that this one does not understand. Update it.",
    },
    Text {
        code: "repeated",
        es_mx: "El mismo valor está dos veces. Quite el repetido.",
        en: "The same value is there twice. Remove one of them.",
    },
    Text {
        code: "reserved_name",
        es_mx: "Un dato de la credencial usa un nombre reservado. No la acepte; hay que emitirla de nuevo.",
        en: "Something in the credential uses a reserved name. Do not accept it; it must be issued again.",
    },
    Text {
        code: "rfc_check_digit",
        es_mx: "El último carácter del RFC no concuerda con los demás. Revise que esté bien escrito.",
        en: "The last character of the RFC does not agree with the rest. Check that it is written correctly.",
    },
    Text {
        code: "rfc_date",
        es_mx: "La fecha que lleva el RFC no existe. Revise los seis dígitos que siguen a las primeras letras.",
        en: "The date inside the RFC does not exist. Check the six digits after the first letters.",
    },
    Text {
        code: "rfc_generic",
        es_mx: "Ese RFC es genérico y no es de nadie en particular. Escriba el de la persona.",
        en: "That RFC is generic and stands for nobody in particular. Write the person's own.",
    },
    Text {
        code: "rfc_homoclave",
        es_mx: "Los caracteres finales del RFC no son una homoclave posible. Revise que esté bien escrito.",
        en: "The last characters of the RFC are not a possible homoclave. Check that it is written correctly.",
    },
    Text {
        code: "rfc_inconvenient_word",
        es_mx: "El RFC empieza con una palabra que las reglas no permiten. Cotéjelo con la constancia.",
        en: "The RFC begins with a word that the rules do not allow. Compare it with the official copy.",
    },
    Text {
        code: "rfc_length",
        es_mx: "El RFC tiene 12 o 13 caracteres. Revise si falta o sobra alguno.",
        en: "An RFC has 12 or 13 characters. Check whether one is missing or too many.",
    },
    Text {
        code: "rfc_structure",
        es_mx: "El RFC tiene un carácter fuera de lugar. Revise sobre todo 0 y O, 1 e I.",
        en: "A character of the RFC is out of place. Look above all at 0 and O, 1 and I.",
    },
    Text {
        code: "sd_hash_mismatch",
        es_mx: "Lo que llegó no es lo que la persona aprobó: algo se quitó, se agregó o se cambió. No lo acepte; pida otra respuesta.",
        en: "What came is not what the person approved: something was removed, added or changed. Do not accept it; ask for another answer.",
    },
    Text {
        code: "sexo",
        es_mx: "El sexo se escribe como H, M o X. Corríjalo.",
        en: "The sex is written as H, M or X. Correct it.",
    },
    Text {
        code: "shape",
        es_mx: "El texto está incompleto o no es lo que se esperaba. Cópielo completo o pida que se lo envíen de nuevo.",
        en: "The text is incomplete or not what was expected. Copy all of it or ask for it again.",
    },
    Text {
        code: "signature",
        es_mx: "La firma no es válida: no se sabe quién la hizo, o algo se cambió después. No la acepte.",
        en: "The signature is not valid: its maker is not known, or something was changed since. Do not accept it.",
    },
    Text {
        code: "signature_count",
        es_mx: "No hay tantas firmas como se pidieron. Inténtelo de nuevo.",
        en: "There are not as many signatures as were asked for. Try again.",
    },
    Text {
        code: "signer_cancelled",
        es_mx: "No se firmó porque no se autorizó. Si fue sin querer, inténtelo de nuevo.",
        en: "Nothing was signed because it was not approved. If that was by mistake, try again.",
    },
    Text {
        code: "signer_key_mismatch",
        es_mx: "Se quiso firmar con una llave que no corresponde. Inténtelo de nuevo; si sigue igual, avise a quien hizo la aplicación.",
        en: "The wrong key was used for signing. Try again; if it goes on, tell those who made the app.",
    },
    Text {
        code: "signer_unavailable",
        es_mx: "No se pudo usar la llave para firmar. Desbloquee el dispositivo o revise su conexión e inténtelo de nuevo.",
        en: "The key could not be used for signing. Unlock the device or check its connection and try again.",
    },
    Text {
        code: "store_conflict",
        es_mx: "Lo que se iba a usar ya se usó o se borró. Empiece de nuevo.",
        en: "What was to be used has been used or removed already. Start again.",
    },
    Text {
        code: "store_corrupt",
        es_mx: "Lo guardado en la cartera está dañado o alguien lo alteró. No la use; pida sus credenciales de nuevo.",
        en: "What the wallet keeps is damaged or was tampered with. Do not use it; ask for your credentials again.",
    },
    Text {
        code: "store_exists",
        es_mx: "Ya hay una cartera en ese lugar. Ábrala, o elija otro lugar para la nueva.",
        en: "There is a wallet in that place already. Open it, or choose another place for the new one.",
    },
    Text {
        code: "store_locked",
        es_mx: "La cartera está abierta en otra parte. Ciérrela ahí e inténtelo de nuevo.",
        en: "The wallet is open somewhere else. Close it there and try again.",
    },
    Text {
        code: "store_missing",
        es_mx: "No hay ninguna cartera en ese lugar. Revise dónde la guardó, o cree una nueva.",
        en: "There is no wallet in that place. Check where you keep it, or make a new one.",
    },
    Text {
        code: "store_random",
        es_mx: "El equipo no pudo generar números al azar para proteger la cartera. Reinícielo e inténtelo de nuevo.",
        en: "The device could not generate random numbers to protect the wallet. Restart it and try again.",
    },
    Text {
        code: "store_unavailable",
        es_mx: "No se pudo leer o guardar la cartera. Revise que haya espacio en el dispositivo e inténtelo de nuevo.",
        en: "The wallet could not be read or saved. Check that the device has room and try again.",
    },
    Text {
        code: "store_version",
        es_mx: "La cartera se guardó con una versión más nueva de la aplicación. Actualícela para abrirla.",
        en: "The wallet was saved by a newer version of the app. Update the app to open it.",
    },
    Text {
        code: "store_wrong_key",
        es_mx: "La contraseña o la llave no abre esta cartera. Revísela e inténtelo de nuevo.",
        en: "The passphrase or key does not open this wallet. Check it and try again.",
    },
    Text {
        code: "template_name",
        es_mx: "Un dato está dos veces en lo que se va a emitir. Quite el repetido.",
        en: "A piece of data is there twice in what is to be issued. Remove one of them.",
    },
    Text {
        code: "text_charset",
        es_mx: "El texto tiene un signo invisible o de control. Bórrelo y escríbalo de nuevo.",
        en: "The text has an invisible or control character. Delete it and write it again.",
    },
    Text {
        code: "text_empty",
        es_mx: "Ese texto está vacío. Escríbalo o quite el dato.",
        en: "That text is empty. Write it or leave the field out.",
    },
    Text {
        code: "text_length",
        es_mx: "El texto es demasiado largo. Acórtelo.",
        en: "The text is too long. Shorten it.",
    },
    Text {
        code: "text_spacing",
        es_mx: "El texto tiene un espacio al principio o al final. Quítelo.",
        en: "The text has a space at the beginning or the end. Remove it.",
    },
    Text {
        code: "time_out_of_range",
        es_mx: "La fecha o la hora no es posible. Revise el reloj del equipo.",
        en: "The date or the time is not possible. Check the clock of this device.",
    },
    Text {
        code: "too_many",
        es_mx: "Hay más valores de los que caben en ese dato. Quite algunos.",
        en: "There are more values than that field has room for. Remove some.",
    },
    Text {
        code: "typ",
        es_mx: "El contenido es de otra clase que la que se esperaba. Revise que sea lo que pidió.",
        en: "The content is of another kind than was expected. Check that it is what you asked for.",
    },
    Text {
        code: "type_ambiguous",
        es_mx: "Hay varias descripciones de ese tipo de credencial y no se sabe cuál vale. Quien hizo esta aplicación debe quitar una.",
        en: "There are several descriptions of that type of credential, with nothing to say which one counts. Those who made this app must remove one.",
    },
    Text {
        code: "type_chain_too_long",
        es_mx: "La descripción de ese tipo de credencial remite a demasiadas otras. Quien la publica debe corregirla.",
        en: "The description of that type of credential refers to too many others. Those who publish it must correct it.",
    },
    Text {
        code: "type_circular",
        es_mx: "La descripción de ese tipo de credencial remite a sí misma. Quien la publica debe corregirla.",
        en: "The description of that type of credential refers to itself. Those who publish it must correct it.",
    },
    Text {
        code: "type_claim_kind",
        es_mx: "Un dato de la credencial tiene otra forma que la que corresponde a su tipo. No la acepte.",
        en: "Part of the credential has another form than its type calls for. Do not accept it.",
    },
    Text {
        code: "type_claim_missing",
        es_mx: "A la credencial le falta un dato obligatorio para su tipo. No la acepte.",
        en: "The credential lacks something that its type requires. Do not accept it.",
    },
    Text {
        code: "type_claim_repeated",
        es_mx: "La descripción de ese tipo de credencial trata dos veces del mismo dato. Quien la publica debe corregirla.",
        en: "The description of that type of credential speaks twice of the same claim. Those who publish it must correct it.",
    },
    Text {
        code: "type_document_missing",
        es_mx: "No se tiene la descripción de ese tipo de credencial. Consígala de quien la publica.",
        en: "The description of that type of credential is not here. Get it from those who publish it.",
    },
    Text {
        code: "type_integrity_mismatch",
        es_mx: "El documento no es el que se anunció: alguien lo cambió o es otra versión. No lo use.",
        en: "The document is not the one that was announced: it was changed, or it is another version. Do not use it.",
    },
    Text {
        code: "type_integrity_unsupported",
        es_mx: "No hay forma de comprobar que el documento sea el anunciado. No lo use.",
        en: "There is no way to check that the document is the one announced. Do not use it.",
    },
    Text {
        code: "type_limit_exceeded",
        es_mx: "La descripción de ese tipo de credencial es demasiado grande. Quien la publica debe reducirla.",
        en: "The description of that type of credential is too large. Those who publish it must reduce it.",
    },
    Text {
        code: "type_mandatory_relaxed",
        es_mx: "Ese tipo de credencial vuelve optativo un dato que otro tipo exige. Quien lo publica debe corregirlo.",
        en: "That type of credential makes optional what another type requires. Those who publish it must correct it.",
    },
    Text {
        code: "type_member_malformed",
        es_mx: "La descripción de ese tipo de credencial está incompleta o mal escrita. Quien la publica debe corregirla.",
        en: "The description of that type of credential is incomplete or malformed. Those who publish it must correct it.",
    },
    Text {
        code: "type_sd_always",
        es_mx: "La credencial muestra siempre un dato que debería poder ocultarse. No la acepte.",
        en: "The credential always shows something that one should be able to hide. Do not accept it.",
    },
    Text {
        code: "type_sd_changed",
        es_mx: "Ese tipo de credencial cambia qué datos pueden ocultarse según otro tipo. Quien lo publica debe corregirlo.",
        en: "That type of credential changes what can be hidden under another type. Those who publish it must correct it.",
    },
    Text {
        code: "type_sd_never",
        es_mx: "La credencial permite ocultar un dato que debería verse siempre. No la acepte.",
        en: "The credential lets something be hidden that should always show. Do not accept it.",
    },
    Text {
        code: "type_svg_id",
        es_mx: "La descripción de ese tipo de credencial repite o escribe mal un nombre de su diseño. Quien la publica debe corregirla.",
        en: "The description of that type of credential repeats or misspells a name of its design. Those who publish it must correct it.",
    },
    Text {
        code: "type_vct_mismatch",
        es_mx: "El documento describe otro tipo de credencial. Consiga el que corresponde.",
        en: "The document describes another type of credential. Get the right one.",
    },
    Text {
        code: "underage",
        es_mx: "La credencial para votar es de personas de 18 años o más. Revise la fecha de nacimiento.",
        en: "A voter's card belongs to somebody aged 18 or more. Check the date of birth.",
    },
    Text {
        code: "unknown_query",
        es_mx: "La respuesta contesta algo que no se preguntó. No la acepte; haga la solicitud de nuevo.",
        en: "The answer is to something that was not asked. Do not accept it; make the request again.",
    },
    Text {
        code: "untrusted",
        es_mx: "La lista de confianza no incluye a ese emisor, o no para esta credencial. Actualice la lista; si sigue igual, no la acepte.",
        en: "The trust list does not have this issuer, or not for this credential. Update the list; if it goes on, do not accept it.",
    },
    Text {
        code: "validity_out_of_range",
        es_mx: "La vigencia no tiene días, o tiene más de los que se permiten. Elija otra.",
        en: "The validity has no days, or more than are allowed. Choose another.",
    },
    Text {
        code: "vc_claim_malformed",
        es_mx: "El estado o la llave de la credencial no tiene la forma debida. No la acepte; pida otra.",
        en: "The credential's status or key is not in the right form. Do not accept it; ask for another.",
    },
    Text {
        code: "vct",
        es_mx: "El tipo de la credencial falta o no es uno de los que se aceptan. No la acepte; pida otra.",
        en: "The credential's type is missing or not one that is accepted. Do not accept it; ask for another.",
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const SPEC: &str = include_str!("../../../SPEC.md");

    /// The tables of SPEC.md §15 whose codes are no errors. What they name has a `text()` of its own in the wallet.
    const WARNING_TABLES: [&str; 3] = [
        "Wallet: a batch is odd, and received (`llavero-holder`)",
        "Wallet: warnings on the consent sheet (`llavero-holder`)",
        "Wallet: what no presentation protects from (`llavero-holder`)",
    ];

    /// The tables of SPEC.md §15: the heading of each and its codes.
    fn tables() -> Vec<(&'static str, Vec<&'static str>)> {
        let (_, section) = SPEC.split_once("\n## 15. Error codes\n").unwrap();
        let section = section.split("\n## ").next().unwrap();
        let mut tables = Vec::new();
        for table in section.split("\n### ").skip(1) {
            let (heading, body) = table.split_once('\n').unwrap();
            let rows = body.lines().filter(|line| line.starts_with('|')).skip(2);
            let codes = rows.map(|row| {
                let code = row.strip_prefix("| `").and_then(|rest| rest.split_once("` |"));
                code.unwrap_or_else(|| panic!("{heading}: {row}")).0
            });
            tables.push((heading, codes.collect()));
        }
        tables
    }

    /// The row of the fallback and all others.
    fn every_row() -> impl Iterator<Item = &'static Text> {
        TEXTS.iter().chain([&UNKNOWN])
    }

    #[test]
    fn the_rows_are_sorted_and_no_code_is_there_twice() {
        assert!(TEXTS.is_sorted_by(|one, next| one.code < next.code));
    }

    #[test]
    fn every_row_is_found_by_its_code_and_no_other() {
        for row in TEXTS {
            assert_eq!(text(row.code).code, row.code);
            assert_eq!(text(row.code).es_mx, row.es_mx);
        }
        for code in ["", "a", "vcu", "Expired", "expired ", "not_a_code"] {
            assert_eq!(text(code).en, UNKNOWN.en, "{code}");
        }
    }

    #[test]
    fn the_codes_are_those_of_the_specification_without_the_warnings() {
        let tables = tables();
        for heading in WARNING_TABLES {
            assert!(tables.iter().any(|table| table.0 == heading), "no table {heading}");
        }
        for (heading, codes) in &tables {
            assert!(!codes.is_empty(), "{heading} has no codes");
        }
        let (warnings, errors): (Vec<_>, Vec<_>) =
            tables.into_iter().partition(|table| WARNING_TABLES.contains(&table.0));
        let codes = |tables: Vec<(_, Vec<&'static str>)>| -> BTreeSet<&'static str> {
            tables.into_iter().flat_map(|table| table.1).collect()
        };
        let (warnings, errors) = (codes(warnings), codes(errors));
        let here: BTreeSet<_> = TEXTS.iter().map(|row| row.code).collect();
        assert_eq!(here.difference(&errors).collect::<Vec<_>>(), [&""; 0], "not in SPEC.md");
        assert_eq!(errors.difference(&here).collect::<Vec<_>>(), [&""; 0], "without a text");
        assert!(here.is_disjoint(&warnings));
    }

    #[test]
    fn each_text_is_one_or_two_short_sentences() {
        for row in every_row() {
            for text in [row.es_mx, row.en] {
                let characters = text.chars().count();
                assert!((10..=160).contains(&characters), "{}: {characters}", row.code);
                assert!(text.ends_with('.'), "{}", row.code);
                assert!(text.matches(". ").count() < 2, "{}", row.code);
                assert!(text.starts_with(char::is_uppercase), "{}", row.code);
                assert!(!text.contains("  ") && !text.contains(['{', '}', '`']), "{}", row.code);
            }
        }
    }

    #[test]
    fn the_languages_are_not_mixed_up() {
        for row in every_row() {
            assert_ne!(row.es_mx, row.en, "{}", row.code);
            assert!(!row.en.contains(['á', 'é', 'í', 'ó', 'ú', '¿', '¡']), "{}", row.code);
            let has =
                |text: &str, words: &[&str]| words_of(text).any(|word| words.contains(&&*word));
            assert!(!has(row.es_mx, &["the", "is", "has", "are", "and"]), "{}", row.code);
            assert!(!has(row.en, &["el", "los", "las", "es", "que", "está"]), "{}", row.code);
        }
    }

    #[test]
    fn people_are_addressed_as_usted() {
        let familiar =
            ["tú", "tu", "tus", "te", "ti", "contigo", "tienes", "puedes", "debes", "vos"];
        for row in every_row() {
            let found = words_of(row.es_mx).find(|word| familiar.contains(&&**word));
            assert_eq!(found, None, "{}", row.code);
        }
    }

    fn words_of(text: &str) -> impl Iterator<Item = String> {
        text.split(|c: char| !c.is_alphabetic()).map(str::to_lowercase)
    }
}
