//! `llavero demo`: the whole story, with a person who does not exist.

use llavero_core::dcql::{ClaimsQuery, CredentialQuery, DcqlQuery};
use llavero_core::present::Held;
use llavero_core::request::PresentationAnswer;
use llavero_core::trust::{IssuerKeys, TrustList, TrustedIssuer, TrustedKey};
use llavero_core::{
    ClaimPath, KeyKind, OsRandom, Random, RandomError, SECONDS_PER_DAY, Signer as _, SigningKey,
    UnixTime, key_proof,
};
use llavero_holder::{MemoryStore, SoftwareKeys, Wallet};
use llavero_issuer::{HolderKeys, Issuer, Record, Validity};
use llavero_mexico::{CredentialType, Synthetic, SyntheticPerson};
use llavero_verifier::{Asker, Challenge, Verdict};
use serde_json::{Value, json};

use super::curp::day;
use super::verify::{print_verdict, verdict_json};
use super::wallet::print_sheet;
use crate::Context;
use crate::args::Demo;
use crate::failure::Failure;

const COPIES: usize = 5;
const DAYS: u16 = 30;
const LIFETIME_SECS: u32 = 300;
const BAR: Asker<'_> =
    Asker { client_id: "https://bar.example", client_name: Some("Bar La Esquina") };
const BANK: Asker<'_> =
    Asker { client_id: "https://banco.example", client_name: Some("Banco de Ejemplo") };

pub(crate) fn run(args: &Demo, context: Context) -> Result<(), Failure> {
    let out = context.out;
    let person = person(args.seed, context.now)?;
    let mut agency = Agency::new("https://agencia.example", "Agencia de Ejemplo")?;
    let trust = agency.trust(context.now)?;
    let mut wallet = Wallet::new(MemoryStore::new(), SoftwareKeys);

    out.title(out.pick(
        "1. Una agencia emite credenciales a una persona inventada",
        "1. An agency issues credentials to a person who does not exist",
    ));
    let mut issued = Vec::new();
    for record in records(&person) {
        issued.push(issue(&mut agency, &record, &mut wallet, &trust, context)?);
    }

    out.title(out.pick("2. Un bar pregunta: ¿mayor de 18?", "2. A bar asks: over 18?"));
    let over_18 = query(CredentialType::Age, "age_equal_or_over.18")?;
    let bar = ask(
        &BAR,
        out.pick("Vender una bebida alcohólica", "Sell an alcoholic drink"),
        over_18.clone(),
        &mut wallet,
        &trust,
        context,
    )?;

    out.title(out.pick("3. Un banco pide la CURP", "3. A bank asks for the CURP"));
    let curp = query(CredentialType::Curp, "curp")?;
    let bank = ask(
        &BANK,
        out.pick("Abrir una cuenta", "Open an account"),
        curp,
        &mut wallet,
        &trust,
        context,
    )?;

    out.title(out.pick("4. Ataques", "4. Attacks"));
    let attacks =
        Attacks { query: over_18, agency: &mut agency, trust: &trust, context }.run(&bar.answer)?;
    out.title(out.pick(
        "Todo ocurrió sin red: nadie tuvo que ser consultado, nadie pudo anotarlo.",
        "All of it without a network: nobody had to be asked, so nobody could keep a record.",
    ));
    out.json(&json!({
        "issued": issued,
        "bar": bar.to_json(),
        "bank": bank.to_json(),
        "attacks": attacks.iter().map(|(name, code)| json!({ "attack": name, "refused": code })).collect::<Vec<_>>(),
    }));
    Ok(())
}

/// The same person for the same number: good for showing, useless for secrets.
struct Seeded(u64);

impl Random for Seeded {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        for byte in out {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let [byte_of, ..] = (mixed ^ (mixed >> 27)).to_le_bytes();
            *byte = byte_of;
        }
        Ok(())
    }
}

fn person(seed: u64, now: UnixTime) -> Result<SyntheticPerson, Failure> {
    let mut seeded = Seeded(seed);
    // This generator cannot fail.
    let mut people = Synthetic::new(|out: &mut [u8]| seeded.fill(out).unwrap_or_default());
    Ok(people.person(day(now)?, 25..=60)?)
}

fn records(person: &SyntheticPerson) -> Vec<Record> {
    let mut records = vec![
        Record::Age(person.age_record().clone()),
        Record::Curp(Box::new(person.curp_record().clone())),
    ];
    records.extend(person.ine().map(|(record, _)| Record::Ine(Box::new(record.clone()))));
    records
}

struct Agency {
    key: SigningKey,
    issuer: Issuer,
    name: &'static str,
    nonces: u32,
}

impl Agency {
    fn new(identifier: &str, name: &'static str) -> Result<Self, Failure> {
        let key = SigningKey::generate(KeyKind::P256, &mut OsRandom)?;
        let issuer = Issuer::new(identifier, key.public_key())?;
        Ok(Self { key, issuer, name, nonces: 0 })
    }

    fn trust(&self, now: UnixTime) -> Result<TrustList, Failure> {
        let issuer = TrustedIssuer {
            issuer: self.issuer.identifier().to_owned(),
            name: self.name.to_owned(),
            types: CredentialType::ALL.map(|known| known.default_vct().to_owned()).to_vec(),
            keys: IssuerKeys::Listed(vec![TrustedKey::new(self.issuer.key().clone())]),
            requires_type_metadata: false,
        };
        Ok(TrustList::new(now, vec![issuer])?)
    }

    fn nonce(&mut self) -> String {
        self.nonces += 1;
        format!("agency-nonce-{}", self.nonces)
    }

    /// One copy per proof.
    fn issue(
        &self,
        record: &Record,
        proofs: &[String],
        nonce: &str,
        now: UnixTime,
    ) -> Result<Vec<String>, Failure> {
        let proofs: Vec<&str> = proofs.iter().map(String::as_str).collect();
        let keys = HolderKeys::check(&proofs, &self.issuer.proof_policy(nonce), now)?;
        let vct = record.credential_type().default_vct();
        let draft = self.issuer.draft(record, vct, Validity::days(now, DAYS)?)?;
        let copies = self.issuer.prepare(&draft, &keys, &mut OsRandom)?.sign(&self.key)?;
        Ok(copies.into_iter().map(llavero_core::issue::IssuedSdJwt::into_string).collect())
    }
}

fn issue(
    agency: &mut Agency,
    record: &Record,
    wallet: &mut Wallet,
    trust: &TrustList,
    context: Context,
) -> Result<Value, Failure> {
    let nonce = agency.nonce();
    let identifier = agency.issuer.identifier().to_owned();
    let enrolment =
        wallet.begin(&identifier, &nonce, COPIES, KeyKind::P256, context.now, &mut OsRandom)?;
    let copies = agency.issue(record, enrolment.proofs(), &nonce, context.now)?;
    let receipt =
        wallet.receive(&copies, trust, context.now, context.out.language, &mut OsRandom)?;
    let credential = receipt.credential();
    context.out.good(format_args!(
        "{}: {} {}",
        credential.label(),
        credential.copies_left(),
        context.out.pick(
            "copias de un solo uso, cada una con su propia llave, sales y señuelos",
            "single-use copies, each with its own key, salts and decoys",
        ),
    ));
    Ok(json!({ "vct": credential.vct(), "copies": credential.copies_left() }))
}

fn query(credential_type: CredentialType, claim: &str) -> Result<DcqlQuery, Failure> {
    let path = ClaimPath::parse_dotted(claim)?;
    let credential = CredentialQuery::sd_jwt(
        credential_type.name(),
        vec![credential_type.default_vct().to_owned()],
    )?;
    Ok(DcqlQuery::new(vec![credential.with_claims(vec![ClaimsQuery::new(path)])?])?)
}

/// One question and its answer, for the summary.
struct Shown {
    answer: PresentationAnswer,
    verdict: Verdict,
    implied: Vec<&'static str>,
}

impl Shown {
    fn to_json(&self) -> Value {
        json!({ "verdict": verdict_json(&self.verdict), "implied": self.implied })
    }
}

fn ask(
    asker: &Asker<'_>,
    purpose: &str,
    query: DcqlQuery,
    wallet: &mut Wallet,
    trust: &TrustList,
    context: Context,
) -> Result<Shown, Failure> {
    let challenge =
        Challenge::new(asker, purpose, query, LIFETIME_SECS, context.now, &mut OsRandom)?;
    let sheet = wallet.consider(challenge.request(), context.now, context.out.language)?.sheet()?;
    print_sheet(&sheet, context.out);
    let facts = sheet.credentials().iter().flat_map(|credential| credential.implied());
    let implied = facts.map(llavero_holder::Fact::id).collect();
    let answer = sheet.approve(wallet, context.now, &mut OsRandom)?;
    let verdict = challenge.verify(answer.to_json().to_string().as_bytes(), trust, context.now)?;
    context.out.line(context.out.pick(
        "  La persona acepta. Quien pregunta sabe ahora:",
        "  The person agrees. The asker now knows:",
    ));
    print_verdict(&verdict, context);
    Ok(Shown { answer, verdict, implied })
}

/// What somebody might try, all against the bar's question.
struct Attacks<'a> {
    query: DcqlQuery,
    agency: &'a mut Agency,
    trust: &'a TrustList,
    context: Context,
}

impl Attacks<'_> {
    fn run(mut self, bar: &PresentationAnswer) -> Result<Vec<(&'static str, String)>, Failure> {
        let now = self.context.now;
        let mut refused = Vec::new();
        let replayed = self.challenge(&BAR, now)?;
        refused.push(self.expect_refusal(
            "replay",
            "Repetir una respuesta",
            "Replay an answer",
            replayed,
            bar,
            now,
        )?);

        let relayed = self.challenge(&BANK, now)?;
        refused.push(self.expect_refusal(
            "wrong_audience",
            "Usarla ante otro",
            "Use it with somebody else",
            relayed,
            bar,
            now,
        )?);

        let challenge = self.challenge(&BAR, now)?;
        let swapped = self.minor(&challenge, now)?;
        refused.push(self.expect_refusal(
            "swapped_disclosure",
            "Cambiar un dato",
            "Swap a disclosure",
            challenge,
            &swapped,
            now,
        )?);

        let challenge = self.challenge(&BAR, now)?;
        let honest = self.present(&challenge, now, Forgery::None)?;
        let stripped = map_presentation(&honest, |text| {
            text.rsplit_once('~').map(|(shown, _)| format!("{shown}~"))
        })?;
        refused.push(self.expect_refusal(
            "stripped_key_binding",
            "Quitar la prueba de posesión",
            "Strip the key binding",
            challenge,
            &stripped,
            now,
        )?);

        let challenge = self.challenge(&BAR, now)?;
        let forged = self.present(&challenge, now, Forgery::Issuer)?;
        refused.push(self.expect_refusal(
            "forged_issuer",
            "Falsificar al emisor",
            "Forge the issuer",
            challenge,
            &forged,
            now,
        )?);

        let late = now.plus_secs((i64::from(DAYS) + 1) * SECONDS_PER_DAY);
        let challenge = self.challenge(&BAR, late)?;
        let expired = self.present(&challenge, late, Forgery::Old)?;
        refused.push(self.expect_refusal(
            "expired_copy",
            "Usar una copia vencida",
            "Use an expired copy",
            challenge,
            &expired,
            late,
        )?);
        Ok(refused)
    }

    fn challenge(&self, asker: &Asker<'_>, now: UnixTime) -> Result<Challenge, Failure> {
        Ok(Challenge::new(
            asker,
            "Vender una bebida alcohólica",
            self.query.clone(),
            LIFETIME_SECS,
            now,
            &mut OsRandom,
        )?)
    }

    /// A holder who keeps copies outside of a wallet, as an attacker would.
    fn present(
        &mut self,
        challenge: &Challenge,
        now: UnixTime,
        forgery: Forgery,
    ) -> Result<PresentationAnswer, Failure> {
        let birthdate = if forgery == Forgery::Minor {
            self.born_years_ago(17)?
        } else {
            "1990-05-17".to_owned()
        };
        // A credential issued today, even where it is shown when it has expired.
        let issued_at = self.context.now;
        let key = SigningKey::generate(KeyKind::P256, &mut OsRandom)?;
        let nonce = self.agency.nonce();
        let record =
            Record::from_json(CredentialType::Age, &json!({ "birthdate": birthdate }), issued_at)?;
        let stranger;
        let agency = if forgery == Forgery::Issuer {
            stranger = Agency::new(self.agency.issuer.identifier(), "")?;
            &stranger
        } else {
            &*self.agency
        };
        let proof = key_proof::sign(&key, agency.issuer.identifier(), &nonce, issued_at)?;
        let copies = agency.issue(&record, &[proof], &nonce, issued_at)?;
        let text = copies.first().map(String::as_str).unwrap_or_default();
        let held = Held::reopen(text)?;
        let selection = held.select([&ClaimPath::parse_dotted("age_equal_or_over.18")?])?;
        let request = challenge.request();
        let mut shown = held.present(&selection).without_key_binding();
        if forgery == Forgery::Minor {
            shown = swap_answer(&shown)
                .ok_or_else(|| Failure::refused("demo", "the demonstration is broken"))?;
        }
        let unsigned = Held::reopen(text)?.present(&selection).bind(
            request.client_id(),
            request.nonce(),
            now,
            None,
        )?;
        let bound = unsigned.sign(&key)?;
        // The holder's own proof over what is really sent, so that only the disclosure is wrong.
        let proof = bound.rsplit('~').next().unwrap_or_default();
        answer(format!("{shown}{proof}"))
    }

    /// Somebody of 17 whose wallet says "yes" where the issuer said "no".
    fn minor(
        &mut self,
        challenge: &Challenge,
        now: UnixTime,
    ) -> Result<PresentationAnswer, Failure> {
        self.present(challenge, now, Forgery::Minor)
    }

    fn born_years_ago(&self, years: i16) -> Result<String, Failure> {
        let today = day(self.context.now)?;
        Ok(format!("{:04}-01-01", today.year() - years))
    }

    fn expect_refusal(
        &self,
        name: &'static str,
        es: &str,
        en: &str,
        challenge: Challenge,
        answer: &PresentationAnswer,
        now: UnixTime,
    ) -> Result<(&'static str, String), Failure> {
        let out = self.context.out;
        match challenge.verify(answer.to_json().to_string().as_bytes(), self.trust, now) {
            Ok(_) => Err(Failure::refused(
                "demo_attack_accepted",
                format!("the attack \"{name}\" was accepted"),
            )),
            Err(error) => {
                out.good(format_args!(
                    "{}: {} [{}]",
                    out.pick(es, en),
                    out.pick("rechazado", "refused"),
                    error.code()
                ));
                out.faint(format_args!("    {error}"));
                Ok((name, error.code().to_owned()))
            }
        }
    }
}

/// What is wrong with a presentation.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Forgery {
    None,
    /// Signed by somebody else in the issuer's name.
    Issuer,
    /// The answer of a minor, changed.
    Minor,
    /// Shown after it has expired.
    Old,
}

fn answer(text: String) -> Result<PresentationAnswer, Failure> {
    let answer = json!({ "vp_token": { CredentialType::Age.name(): [text] } });
    Ok(PresentationAnswer::from_slice(answer.to_string().as_bytes())?)
}

fn map_presentation(
    from: &PresentationAnswer,
    change: impl Fn(&str) -> Option<String>,
) -> Result<PresentationAnswer, Failure> {
    let text = from.presentations().values().flatten().next();
    let changed = text.and_then(|text| change(text));
    answer(changed.ok_or_else(|| Failure::refused("demo", "the demonstration is broken"))?)
}

/// Turns `false` into `true` in the only Disclosure.
fn swap_answer(shown: &str) -> Option<String> {
    use base64::Engine as _;
    let base64url = base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let mut parts: Vec<String> = shown.split('~').map(str::to_owned).collect();
    let disclosure = parts.get_mut(1)?;
    let json = String::from_utf8(base64url.decode(&*disclosure).ok()?).ok()?;
    *disclosure = base64url.encode(json.replace("false", "true"));
    Some(parts.join("~"))
}
