//! The command line: what can be said, and the help that teaches it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use llavero_core::UnixTime;

use crate::files::parse_time;

/// Prove something about yourself without handing over who you are.
///
/// Agencies issue credentials (SD-JWT VC), people show only the claims they choose, and anybody verifies offline.
/// Start with `llavero demo`: the whole story with a person who does not exist.
#[derive(Debug, Parser)]
#[command(name = "llavero", version, max_term_width = 100, arg_required_else_help = true)]
#[command(
    after_help = "Exit status: 0 good, 1 refused, 2 the command could not be carried out as given."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Print JSON: one document (for `conformance`, one line per file).
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Language of labels and explanations; by default that of the environment.
    #[arg(long, global = true, value_enum)]
    pub(crate) lang: Option<Lang>,
    /// Take this as the time instead of the computer's clock: seconds since 1970, or 2026-01-31T12:00:00Z.
    #[arg(long, global = true, value_name = "TIME", value_parser = parse_time)]
    pub(crate) at: Option<UnixTime>,
}

/// Language of texts.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Lang {
    /// Spanish as in Mexico.
    #[value(name = "es-MX", alias = "es")]
    EsMx,
    /// English.
    En,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// See everything work, in seconds, with a synthetic person.
    ///
    /// Issues age, CURP and INE credentials in batches; a bar asks for age over 18, a bank for the CURP; shows what each
    /// learns, directly and by implication; verifies offline; then attacks, and shows each attack refused.
    Demo(Demo),
    /// Make signing keys.
    #[command(subcommand)]
    Keys(Keys),
    /// Make the list of issuers that wallets and verifiers believe.
    #[command(subcommand)]
    Trust(Trust),
    /// Write the documents that describe the credential types (SD-JWT VC type metadata), for an agency to publish.
    Types(Types),
    /// Issue credentials from records in JSON or CSV, one batch of copies per person.
    Issue(Issue),
    /// Keep credentials, and answer requests with the claims you choose.
    #[command(subcommand)]
    Wallet(Wallet),
    /// Ask for claims.
    #[command(subcommand)]
    Request(Request),
    /// Verify the answer to a request, offline.
    Verify(Verify),
    /// Show what any SD-JWT, request or answer says, without verifying any of it.
    Inspect(Inspect),
    /// Check a CURP, or derive one from a person's data.
    #[command(subcommand)]
    Curp(Curp),
    /// Read INE cards.
    #[command(subcommand)]
    Ine(Ine),
    /// Run conformance cases, against this program or another implementation.
    ///
    /// tests/vectors/conformance/README.md documents the cases and what an adapter does.
    Conformance(Conformance),
}

#[derive(Args, Debug)]
pub(crate) struct Demo {
    /// Make another person: any number gives the same person every time.
    #[arg(long, default_value_t = 2026)]
    pub(crate) seed: u64,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Make a key pair.
    ///
    /// The private key is written as a JWK readable by you alone. An agency keeps its real key in an HSM and signs
    /// through the library.
    New {
        /// Kind of key: p256 (ES256, what phones and HSMs have) or ed25519 (EdDSA).
        #[arg(long, value_enum, default_value_t = Kind::P256)]
        kind: Kind,
        /// Where to write the private JWK.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Where to write the public JWK.
        #[arg(long, value_name = "FILE")]
        public: Option<PathBuf>,
    },
}

/// Kind of key.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Kind {
    P256,
    Ed25519,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Trust {
    /// Make a list with one issuer, or add an issuer to a list.
    New {
        /// The issuer's identifier, as it stands in `iss`.
        #[arg(long)]
        iss: String,
        /// What to call the issuer in front of people.
        #[arg(long)]
        name: String,
        /// A type it may issue: age, curp, ine or a `vct`. Repeat for more.
        #[arg(long = "type", value_name = "TYPE", required = true)]
        types: Vec<String>,
        #[command(flatten)]
        source: KeySource,
        /// A document that describes a type, from `llavero types` or from whoever publishes it. Credentials of the type
        /// are held to it. Repeat for more.
        #[arg(long = "type-document", value_name = "FILE")]
        type_documents: Vec<PathBuf>,
        /// Believe this issuer only about types that a document of the list describes.
        #[arg(long)]
        requires_type_metadata: bool,
        /// The list; if it exists, the issuer is added to it.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

/// How the issuer's keys are found: one of the first three.
#[derive(Args, Debug)]
pub(crate) struct KeySource {
    /// Its public JWK. Repeat for more.
    #[arg(
        long = "key",
        value_name = "FILE",
        required_unless_present_any = ["anchors", "metadata"],
        conflicts_with_all = ["anchors", "metadata"]
    )]
    pub(crate) keys: Vec<PathBuf>,
    /// The certificate of an authority over the issuer's own, PEM or DER. Repeat for more.
    #[arg(long = "anchor", value_name = "FILE", conflicts_with = "metadata")]
    pub(crate) anchors: Vec<PathBuf>,
    /// The issuer's metadata, fetched from its address under /.well-known/jwt-vc-issuer.
    #[arg(long = "issuer-metadata", value_name = "FILE")]
    pub(crate) metadata: Option<PathBuf>,
    /// With --anchor: the key purpose that certificates must have, as an object identifier in dots.
    #[arg(long, value_name = "OID", conflicts_with_all = ["keys", "metadata"])]
    pub(crate) eku: Option<String>,
    /// With --anchor: take the anchor in `x5c`, and self-signed certificates, which HAIP forbids.
    #[arg(long, conflicts_with_all = ["keys", "metadata"])]
    pub(crate) no_haip: bool,
    /// With --issuer-metadata: the JWK Set, if the metadata says that it is elsewhere.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["keys", "anchors"])]
    pub(crate) jwk_set: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Types {
    /// Where the agency publishes them, like `https://agencia.example/vct/mx`: each type's `vct` is an address under it.
    /// Without it, the types have the names of tests and examples.
    #[arg(long, value_name = "URL")]
    pub(crate) base: Option<String>,
    /// Folder for the documents: age.json, curp.json and ine.json.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct Issue {
    /// The agency's private JWK, from `llavero keys new`.
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// The agency's identifier.
    #[arg(long)]
    pub(crate) iss: String,
    /// The credential type: age, curp or ine.
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) credential_type: String,
    /// The `vct` to issue under, if not the type's default.
    #[arg(long)]
    pub(crate) vct: Option<String>,
    /// The published document of the type, from `llavero types`: issue under its name and with its hash, and nothing that
    /// it excludes.
    #[arg(long, value_name = "FILE", conflicts_with = "vct")]
    pub(crate) type_document: Option<PathBuf>,
    /// The nonce that the wallets' proofs answer.
    #[arg(long)]
    pub(crate) nonce: String,
    /// Days of validity, from the start of today.
    #[arg(long, default_value_t = 30)]
    pub(crate) days: u16,
    /// Proofs from `llavero wallet enrol`: one file, or a folder with a file `ID.json` per record.
    #[arg(long, value_name = "PATH")]
    pub(crate) proofs: PathBuf,
    /// Folder for the batches, one file `ID.json` per record.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: PathBuf,
    /// Records: a JSON object or array, or CSV with a header line. A field `id` names the record's files; without it
    /// they are called after the record's number.
    #[arg(value_name = "RECORDS")]
    pub(crate) records: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct WalletFile {
    /// The wallet's file; `enrol` makes it if it does not exist.
    #[arg(long, value_name = "FILE", default_value = "wallet.llavero")]
    pub(crate) wallet: PathBuf,
    /// A file with the passphrase. Otherwise LLAVERO_PASSPHRASE is used, or you are asked.
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Wallet {
    /// Make keys for a batch of copies, and prove to an issuer that you have them.
    Enrol {
        #[command(flatten)]
        file: WalletFile,
        /// The issuer's identifier.
        #[arg(long)]
        iss: String,
        /// The nonce that the issuer gave you.
        #[arg(long)]
        nonce: String,
        /// How many copies to ask for: each is used once.
        #[arg(long, default_value_t = 10)]
        copies: usize,
        /// Kind of key.
        #[arg(long, value_enum, default_value_t = Kind::P256)]
        kind: Kind,
        /// Where to write the proofs.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Take a batch from an issuer, after checking every copy.
    Add {
        #[command(flatten)]
        file: WalletFile,
        /// The issuers you believe.
        #[arg(long, value_name = "FILE")]
        trust: PathBuf,
        /// The batch, from `llavero issue`.
        #[arg(value_name = "BATCH")]
        batch: PathBuf,
    },
    /// List your credentials and how many copies are left.
    List {
        #[command(flatten)]
        file: WalletFile,
    },
    /// Show all claims of a credential, to you alone.
    Show {
        #[command(flatten)]
        file: WalletFile,
        /// The credential's id, from `llavero wallet list`.
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Answer a request: see what would be revealed and implied, then agree or not.
    Answer {
        #[command(flatten)]
        file: WalletFile,
        /// Agree without being asked, for scripts.
        #[arg(long, conflicts_with = "decline")]
        yes: bool,
        /// Refuse: the verifier learns that and nothing else.
        #[arg(long)]
        decline: bool,
        /// Where to write the answer.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// The request.
        #[arg(value_name = "REQUEST")]
        request: PathBuf,
    },
    /// Show what was shown to whom.
    History {
        #[command(flatten)]
        file: WalletFile,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Request {
    /// Ask for claims of one credential type, or with a DCQL query of your own.
    New {
        /// Who asks: the identifier that answers are bound to.
        #[arg(long)]
        client_id: String,
        /// A name for the consent sheet. Wallets say that nobody vouches for it.
        #[arg(long)]
        name: Option<String>,
        /// What the claims are needed for, in a sentence.
        #[arg(long)]
        purpose: String,
        /// The credential type: age, curp, ine or a `vct`.
        #[arg(
            long = "type",
            value_name = "TYPE",
            required_unless_present = "dcql",
            conflicts_with = "dcql"
        )]
        credential_type: Option<String>,
        /// A claim, like `age_equal_or_over.18` or `nationalities[*]`. Repeat for more.
        #[arg(long = "claim", value_name = "PATH", conflicts_with = "dcql")]
        claims: Vec<String>,
        /// A DCQL query (OpenID4VP 1.0 §6).
        #[arg(long, value_name = "FILE")]
        dcql: Option<PathBuf>,
        /// Seconds in which an answer is accepted.
        #[arg(long, default_value_t = 300)]
        lifetime: u32,
        /// Where to write the request, for the wallet.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Where to write the challenge, for yourself: `llavero verify` needs it, once.
        #[arg(long, value_name = "FILE")]
        challenge: PathBuf,
    },
}

#[derive(Args, Debug)]
pub(crate) struct Verify {
    /// The issuers you believe.
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: PathBuf,
    /// The challenge that was posed. It is removed, so that an answer is accepted once.
    #[arg(long, value_name = "FILE")]
    pub(crate) challenge: PathBuf,
    /// Leave the challenge where it is. Then whoever sees an answer can give it again.
    #[arg(long)]
    pub(crate) keep_challenge: bool,
    /// The answer; `-` reads it from standard input.
    #[arg(value_name = "ANSWER")]
    pub(crate) answer: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct Inspect {
    /// An SD-JWT in compact or JSON form, a request, an answer or a batch; `-` reads from standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Curp {
    /// Check a CURP as far as anybody but RENAPO can.
    Check {
        /// The 18 characters; `-` reads them from standard input, so that they stay out of the shell's history.
        curp: String,
        /// Only accept the letters A to J in position 17.
        #[arg(long)]
        strict: bool,
    },
    /// Derive the first 16 characters from a person's data, and complete them with the first differentiator.
    Derive {
        /// Given names.
        #[arg(long)]
        given_name: String,
        /// First surname.
        #[arg(long)]
        primer_apellido: String,
        /// Second surname, if there is one.
        #[arg(long)]
        segundo_apellido: Option<String>,
        /// Date of birth, like 2003-05-17.
        #[arg(long)]
        birthdate: String,
        /// H, M or X.
        #[arg(long)]
        sexo: String,
        /// Two letters of the place of birth, NE for abroad.
        #[arg(long)]
        entidad: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Ine {
    /// Read the three lines of 30 characters on the back of a card, and check their digits.
    Mrz {
        /// A file with the lines; `-` reads from standard input.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

#[derive(Args, Debug)]
pub(crate) struct Conformance {
    /// Files of cases.
    #[arg(value_name = "FILE", required_unless_present = "as_adapter")]
    pub(crate) files: Vec<PathBuf>,
    /// Examine another implementation: a program that reads a case per line and answers each with a line.
    ///
    /// The program and its arguments, separated by spaces; there is no shell.
    #[arg(long, value_name = "COMMAND")]
    pub(crate) adapter: Option<String>,
    /// How long the adapter may take for a case, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600), requires = "adapter")]
    pub(crate) timeout: u64,
    /// Be an adapter: read cases from standard input, write answers to standard output.
    #[arg(long, conflicts_with_all = ["adapter", "files"])]
    pub(crate) as_adapter: bool,
}
