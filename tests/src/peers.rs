//! Other SD-JWT implementations behind one trait, for interoperability tests.
//!
//! Four run as child processes (see `tests/interop/README.md` for the protocol), two in process.
//! Each method asks one peer to do one thing with its own code; what comes back is that peer's
//! verdict, not ours, and a peer that is wrong is a finding, not a reason to loosen a check.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::{Map, Value, json};

/// Names and indices from the top of the claims, in the credential as issued.
pub type ClaimPath = Vec<Value>;

/// What a peer is asked to issue.
#[derive(Debug, Clone)]
pub struct Issue {
    /// `ES256` or `EdDSA`.
    pub alg: String,
    /// The issuer's private key.
    pub issuer_jwk: Value,
    /// The holder's public key, for `cnf`; without it there is no `cnf`.
    pub holder_jwk: Option<Value>,
    /// Header members besides `alg`: `typ`, `kid`.
    pub header: Map<String, Value>,
    /// The claims, `cnf` left out.
    pub claims: Map<String, Value>,
    /// Which of the claims get a disclosure of their own.
    pub disclosable: Vec<ClaimPath>,
}

/// What a peer is asked to present.
#[derive(Debug, Clone)]
pub struct Present {
    /// The SD-JWT as issued, ending in `~`.
    pub sd_jwt: String,
    /// The holder's private key; without it there is no KB-JWT.
    pub holder_jwk: Option<Value>,
    /// The disclosures to send. Those that they are nested in come along, those below do not.
    pub disclose: Vec<ClaimPath>,
    /// For whom, and for which request.
    pub binding: Option<Binding>,
    /// When; `None` is the peer's own clock.
    pub iat: Option<i64>,
}

/// What a peer is asked to verify.
#[derive(Debug, Clone)]
pub struct Verify {
    /// The issuer's public key.
    pub issuer_jwk: Value,
    /// SD-JWT or SD-JWT+KB.
    pub presentation: String,
    /// The key binding that is required; `None` requires none.
    pub binding: Option<Binding>,
    /// When; `None` is the peer's own clock.
    pub now: Option<i64>,
}

/// `aud` and `nonce` of a KB-JWT.
#[derive(Debug, Clone)]
pub struct Binding {
    /// The verifier.
    pub aud: String,
    /// Its nonce.
    pub nonce: String,
}

/// A peer's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a test has to look at each of the three")]
pub enum PeerAnswer<T> {
    /// Done, or accepted.
    Ok(T),
    /// The peer's code said no (or panicked), with its own words.
    Refused(String),
    /// The peer has no way to do what was asked, so there is nothing to conclude from it.
    Unsupported(String),
}

impl<T> PeerAnswer<T> {
    /// The value of [`PeerAnswer::Ok`].
    ///
    /// # Errors
    ///
    /// The other two, as text.
    pub fn accepted(self) -> Result<T, String> {
        match self {
            Self::Ok(value) => Ok(value),
            Self::Refused(why) => Err(format!("refused: {why}")),
            Self::Unsupported(why) => Err(format!("unsupported: {why}")),
        }
    }

    /// Whether the peer refused.
    pub fn is_refused(&self) -> bool {
        matches!(self, Self::Refused(_))
    }

    /// Whether the peer cannot be asked this.
    pub fn is_unsupported(&self) -> bool {
        matches!(self, Self::Unsupported(_))
    }
}

/// An answer, unless the peer could not be asked at all.
pub type PeerResult<T> = Result<PeerAnswer<T>, PeerError>;

/// The peer could not be asked: not installed, died, or talks nonsense. Never a verdict; a test
/// fails on it, because one that skips says nothing and looks green.
#[derive(Debug)]
pub struct PeerError(String);

impl fmt::Display for PeerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PeerError {}

fn fault(what: impl fmt::Display, why: impl fmt::Display) -> PeerError {
    PeerError(format!("{what}: {why}"))
}

/// Another implementation.
pub trait Peer: Send {
    /// Package name and version.
    fn name(&self) -> &'static str;

    /// Issues an SD-JWT.
    ///
    /// # Errors
    ///
    /// [`PeerError`] when the peer could not be asked.
    fn issue(&mut self, command: &Issue) -> PeerResult<String>;

    /// Makes a presentation.
    ///
    /// # Errors
    ///
    /// [`PeerError`] when the peer could not be asked.
    fn present(&mut self, command: &Present) -> PeerResult<String>;

    /// Verifies a presentation and gives the processed claims; `null` for claims that are no JSON.
    ///
    /// # Errors
    ///
    /// [`PeerError`] when the peer could not be asked.
    fn verify(&mut self, command: &Verify) -> PeerResult<Value>;

    /// Verifies many, in order. A peer in a process of its own is not left waiting between two of them.
    ///
    /// # Errors
    ///
    /// [`PeerError`] when the peer could not be asked.
    fn verify_all(&mut self, commands: &[Verify]) -> Result<Vec<PeerAnswer<Value>>, PeerError> {
        commands.iter().map(|command| self.verify(command)).collect()
    }

    /// Whether it can be told the time. One that cannot goes by the system's clock.
    fn takes_time(&self) -> bool {
        true
    }
}

/// Every peer that issues, presents and verifies, installed and started.
///
/// # Errors
///
/// [`PeerError`] when one of them cannot be had.
pub fn all(places: &Places) -> Result<Vec<Box<dyn Peer>>, PeerError> {
    Ok(vec![
        Box::new(Process::python(places)?),
        Box::new(Process::node(places)?),
        Box::new(SdJwtRs),
        Box::new(IdentityKit),
    ])
}

/// Every peer that verifies: [`all`] and those whose driver does nothing else.
///
/// # Errors
///
/// [`PeerError`] when one of them cannot be had.
pub fn verifiers(places: &Places) -> Result<Vec<Box<dyn Peer>>, PeerError> {
    let mut peers = all(places)?;
    peers.push(Box::new(Process::eudi(places)?));
    peers.push(Box::new(Process::authlete(places)?));
    Ok(peers)
}

// ---------------------------------------------------------------------------------------------
// Peers in other languages

/// How long a peer may take for one answer; the slowest real one needs a fraction of a second.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where the drivers are and where their packages go.
#[derive(Debug, Clone)]
pub struct Places {
    /// The folder with `python`, `node` and `jvm`.
    pub drivers: PathBuf,
    /// The folder to install into.
    pub scratch: PathBuf,
}

impl Places {
    /// `tests/interop` and `target/interop` of this workspace.
    #[must_use]
    pub fn workspace() -> Self {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self { drivers: tests.join("interop"), scratch: tests.join("../target/interop") }
    }
}

/// A peer in a child process.
#[derive(Debug)]
pub struct Process {
    name: &'static str,
    child: Child,
    stdin: ChildStdin,
    answers: Receiver<String>,
}

impl Process {
    /// PyPI `sd-jwt`, in a virtual environment of its own.
    ///
    /// As an issuer it always writes a `typ`, `example+sd-jwt` unless told. As a verifier it checks
    /// no time at all and takes no notice of a disclosure that nothing refers to.
    ///
    /// # Errors
    ///
    /// [`PeerError`] when Python or a package is missing.
    pub fn python(places: &Places) -> Result<Self, PeerError> {
        let source = places.drivers.join("python");
        let home = places.scratch.join("python");
        let requirements = source.join("requirements.txt");
        // Windows keeps the programs of a virtual environment elsewhere.
        let bin = home.join(if cfg!(windows) { "Scripts" } else { "bin" });
        install(&home, &[&requirements], || {
            let python = if cfg!(windows) { "python" } else { "python3" };
            run(Command::new(python).args(["-m", "venv"]).arg(&home))?;
            run(Command::new(bin.join("python"))
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
                .args(["--no-input", "--require-hashes", "-r"])
                .arg(&requirements))
        })?;
        let program = Command::new(bin.join("python"));
        Self::start("sd-jwt 0.10.4 (PyPI)", program, &source.join("peer.py"))
    }

    /// npm `@sd-jwt/sd-jwt-vc`.
    ///
    /// Its numbers are doubles: an integer beyond 2^53 comes out changed, also from an issuer.
    ///
    /// # Errors
    ///
    /// [`PeerError`] when Node or a package is missing.
    pub fn node(places: &Places) -> Result<Self, PeerError> {
        let source = places.drivers.join("node");
        let home = places.scratch.join("node");
        let manifest = source.join("package.json");
        let lock = source.join("package-lock.json");
        install(&home, &[&manifest, &lock], || {
            copy(&manifest, &home)?;
            copy(&lock, &home)?;
            let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
            run(Command::new(npm)
                .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
                .current_dir(&home))
        })?;
        // Node looks for packages beside the script, so it has to lie beside them.
        let script = copy(&source.join("peer.mjs"), &home)?;
        Self::start("@sd-jwt/sd-jwt-vc 0.20.0 (npm)", Command::new("node"), &script)
    }

    /// Maven Central `eudi-lib-jvm-sdjwt-kt`. Its driver only verifies.
    ///
    /// It wants `iss` and `vct`, and checks dates of the issuer's JWT as Nimbus does: 60 seconds of grace, before
    /// Disclosures are put in. Of a KB-JWT it checks no age.
    ///
    /// # Errors
    ///
    /// [`PeerError`] when Java, Maven or a package is missing.
    pub fn eudi(places: &Places) -> Result<Self, PeerError> {
        Self::jvm("eudi-lib-jvm-sdjwt-kt 0.10.0 (Maven)", "eudi", places)
    }

    /// Maven Central `com.authlete:sd-jwt`. Its driver only verifies.
    ///
    /// It brings the format, Disclosures and digests; JWTs are Nimbus's business.
    ///
    /// # Errors
    ///
    /// [`PeerError`] when Java, Maven or a package is missing.
    pub fn authlete(places: &Places) -> Result<Self, PeerError> {
        Self::jvm("com.authlete:sd-jwt 1.11 (Maven)", "authlete", places)
    }

    fn jvm(name: &'static str, which: &str, places: &Places) -> Result<Self, PeerError> {
        let source = places.drivers.join("jvm");
        let home = places.scratch.join("jvm");
        let (pom, driver) = (source.join("pom.xml"), source.join("src/Peer.kt"));
        install(&home, &[&pom, &driver], || {
            copy(&pom, &home)?;
            let folder = home.join("src");
            fs::create_dir_all(&folder).map_err(|e| fault(folder.display(), e))?;
            copy(&driver, &folder)?;
            let maven = if cfg!(windows) { "mvn.cmd" } else { "mvn" };
            run(Command::new(maven)
                .args(["--batch-mode", "--no-transfer-progress", "--quiet", "--strict-checksums"])
                .arg("compile")
                .current_dir(&home))
        })?;
        let classes = home.join("target/classes");
        let libraries = home.join("target/lib").join("*");
        let path = std::env::join_paths([classes, libraries]).map_err(|e| fault(name, e))?;
        let mut program = Command::new("java");
        program.args(["-XX:+UseSerialGC", "-Xmx512m", "-cp"]).arg(path).args(["PeerKt", which]);
        Self::spawn(name, program)
    }

    fn start(name: &'static str, mut program: Command, script: &Path) -> Result<Self, PeerError> {
        program.arg(script);
        Self::spawn(name, program)
    }

    fn spawn(name: &'static str, mut program: Command) -> Result<Self, PeerError> {
        let mut child = program
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| fault(name, e))?;
        let stdin = child.stdin.take().ok_or_else(|| fault(name, "no standard input"))?;
        let stdout = child.stdout.take().ok_or_else(|| fault(name, "no standard output"))?;
        // A pipe has no time-out: a thread reads it, and the test waits for the thread.
        let (sender, answers) = channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Self { name, child, stdin, answers })
    }

    /// One command, one answer; `field` is where the answer's value is.
    fn ask(&mut self, command: &Value, field: &str) -> PeerResult<Value> {
        writeln!(self.stdin, "{command}")
            .and_then(|()| self.stdin.flush())
            .map_err(|e| fault(self.name, e))?;
        self.answer(field)
    }

    /// The next answer.
    fn answer(&mut self, field: &str) -> PeerResult<Value> {
        let line = match self.answers.recv_timeout(PATIENCE) {
            Ok(line) => line,
            Err(RecvTimeoutError::Disconnected) => return Err(fault(self.name, "it ended")),
            Err(RecvTimeoutError::Timeout) => {
                // A late answer would be taken for the answer to the next command.
                drop(self.child.kill());
                return Err(fault(self.name, format_args!("no answer within {PATIENCE:?}")));
            }
        };
        let mut answer: Value = match serde_json::from_str(&line) {
            Ok(answer) => answer,
            // Some readers take what no JSON can say, such as NaN, and write it so.
            Err(_) if line.replace(' ', "").starts_with("{\"ok\":true,") => {
                return Ok(PeerAnswer::Ok(Value::Null));
            }
            Err(error) => return Err(fault(self.name, error)),
        };
        let text = |name: &str| answer.get(name).and_then(Value::as_str).map(str::to_owned);
        if let Some(error) = text("error") {
            return Ok(PeerAnswer::Refused(error));
        }
        if let Some(reason) = text("unsupported") {
            return Ok(PeerAnswer::Unsupported(reason));
        }
        match answer.get_mut(field) {
            Some(value) => Ok(PeerAnswer::Ok(value.take())),
            None => Err(fault(self.name, format_args!("no `{field}` in {line}"))),
        }
    }

    fn ask_text(&mut self, command: &Value, field: &str) -> PeerResult<String> {
        Ok(match self.ask(command, field)? {
            PeerAnswer::Ok(Value::String(text)) => PeerAnswer::Ok(text),
            PeerAnswer::Ok(other) => {
                return Err(fault(self.name, format_args!("no text: {other}")));
            }
            PeerAnswer::Refused(why) => PeerAnswer::Refused(why),
            PeerAnswer::Unsupported(why) => PeerAnswer::Unsupported(why),
        })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing left to end or to wait for.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Peer for Process {
    fn name(&self) -> &'static str {
        self.name
    }

    fn issue(&mut self, c: &Issue) -> PeerResult<String> {
        let command = json!({
            "op": "issue", "alg": c.alg, "issuer_jwk": c.issuer_jwk, "holder_jwk": c.holder_jwk,
            "header": c.header, "claims": c.claims, "disclosable": c.disclosable,
        });
        self.ask_text(&command, "sd_jwt")
    }

    fn present(&mut self, c: &Present) -> PeerResult<String> {
        let (aud, nonce) = split(c.binding.as_ref());
        let command = json!({
            "op": "present", "sd_jwt": c.sd_jwt, "holder_jwk": c.holder_jwk,
            "disclose": c.disclose, "aud": aud, "nonce": nonce, "iat": c.iat,
        });
        self.ask_text(&command, "presentation")
    }

    fn verify(&mut self, c: &Verify) -> PeerResult<Value> {
        self.ask(&verify_command(c), "claims")
    }

    fn verify_all(&mut self, commands: &[Verify]) -> Result<Vec<PeerAnswer<Value>>, PeerError> {
        let mut answers = Vec::with_capacity(commands.len());
        for batch in commands.chunks(IN_FLIGHT) {
            let lines: String =
                batch.iter().map(|command| format!("{}\n", verify_command(command))).collect();
            // The thread that reads the answers keeps the peer from waiting for us with a full pipe.
            self.stdin
                .write_all(lines.as_bytes())
                .and_then(|()| self.stdin.flush())
                .map_err(|e| fault(self.name, e))?;
            for _ in batch {
                answers.push(self.answer("claims")?);
            }
        }
        Ok(answers)
    }
}

/// How many questions a peer is sent before its answers are read.
const IN_FLIGHT: usize = 256;

fn verify_command(c: &Verify) -> Value {
    let (aud, nonce) = split(c.binding.as_ref());
    json!({
        "op": "verify", "issuer_jwk": c.issuer_jwk, "presentation": c.presentation,
        "aud": aud, "nonce": nonce, "now": c.now,
    })
}

fn split(binding: Option<&Binding>) -> (Option<&str>, Option<&str>) {
    (binding.map(|b| b.aud.as_str()), binding.map(|b| b.nonce.as_str()))
}

/// Runs `fill` for an emptied `home` unless it was filled from the same `inputs` before.
fn install(
    home: &Path,
    inputs: &[&Path],
    fill: impl FnOnce() -> Result<(), PeerError>,
) -> Result<(), PeerError> {
    // Tests run as threads and as processes: the mutex is for the first, the file for the second.
    static INSTALLING: Mutex<()> = Mutex::new(());
    let _threads = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    let on = |e| fault(home.display(), e);
    fs::create_dir_all(home).map_err(on)?;
    let processes = fs::File::create(home.with_extension("lock")).map_err(on)?;
    processes.lock().map_err(on)?;

    let mut wanted = Vec::new();
    for input in inputs {
        wanted.extend(fs::read(input).map_err(|e| fault(input.display(), e))?);
    }
    // Written last, so that an installation broken off in the middle is done again.
    let stamp = home.join("installed");
    if fs::read(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    fs::remove_dir_all(home).map_err(on)?;
    fs::create_dir_all(home).map_err(on)?;
    fill()?;
    fs::write(&stamp, wanted).map_err(on)
}

fn copy(file: &Path, folder: &Path) -> Result<PathBuf, PeerError> {
    let name = file.file_name().ok_or_else(|| fault(file.display(), "no file name"))?;
    let target = folder.join(name);
    // Another process may be starting from the copy that is there: leave it if it is the same.
    let wanted = fs::read(file).map_err(|e| fault(file.display(), e))?;
    if fs::read(&target).is_ok_and(|found| found == wanted) {
        return Ok(target);
    }
    fs::write(&target, wanted).map_err(|e| fault(target.display(), e))?;
    Ok(target)
}

fn run(command: &mut Command) -> Result<(), PeerError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().map_err(|e| fault(&program, e))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(fault(program, format_args!("{}\n{}", output.status, String::from_utf8_lossy(&said))))
}

// ---------------------------------------------------------------------------------------------
// What the Rust peers share

/// Why a Rust peer gave no result; becomes a [`PeerAnswer`].
enum No {
    Refused(String),
    Unsupported(String),
}

impl<E: fmt::Display> From<E> for No {
    fn from(error: E) -> Self {
        Self::Refused(error.to_string())
    }
}

fn unsupported(what: impl Into<String>) -> No {
    No::Unsupported(what.into())
}

/// Runs a peer's code; a panic counts as a refusal, a stack overflow cannot be caught.
fn guarded<T>(call: impl FnOnce() -> Result<T, No>) -> PeerResult<T> {
    let text = |panic: &(dyn Any + Send)| {
        let literal = panic.downcast_ref::<&str>().copied();
        literal.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).map(str::to_owned)
    };
    // The call owns or only reads what it uses, so nothing half-changed is seen afterwards.
    Ok(match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => PeerAnswer::Ok(value),
        Ok(Err(No::Refused(why))) => PeerAnswer::Refused(why),
        Ok(Err(No::Unsupported(why))) => PeerAnswer::Unsupported(why),
        Err(panic) => {
            PeerAnswer::Refused(format!("panicked: {}", text(&*panic).unwrap_or_default()))
        }
    })
}

/// The algorithm that belongs to a key.
fn algorithm(jwk: &Value) -> Result<&'static str, No> {
    match (jwk.get("kty").and_then(Value::as_str), jwk.get("crv").and_then(Value::as_str)) {
        (Some("EC"), Some("P-256")) => Ok("ES256"),
        (Some("OKP"), Some("Ed25519")) => Ok("EdDSA"),
        _ => Err(unsupported("key type")),
    }
}

/// A member of a key, decoded.
fn bytes(jwk: &Value, member: &str) -> Result<Vec<u8>, No> {
    use base64::Engine as _;
    let text = jwk.get(member).and_then(Value::as_str).unwrap_or_default();
    Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text)?)
}

/// A key without its private part.
fn public(jwk: &Value) -> Value {
    let mut jwk = jwk.clone();
    if let Some(members) = jwk.as_object_mut() {
        members.remove("d");
    }
    jwk
}

/// A path as names and indices.
fn steps(path: &ClaimPath) -> Result<Vec<Step>, No> {
    path.iter()
        .map(|step| {
            if let Some(name) = step.as_str() {
                return Ok(Step::Name(name.to_owned()));
            }
            match step.as_u64().map(usize::try_from) {
                Some(Ok(index)) => Ok(Step::Index(index)),
                _ => Err(No::Refused(format!("{step} is neither a name nor an index"))),
            }
        })
        .collect()
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Name(String),
    Index(usize),
}

// ---------------------------------------------------------------------------------------------
// sd-jwt-rs

/// The crate `sd-jwt-rs` 0.7.1.
///
/// As an issuer it sets no header, not even `typ`, and panics on text beyond the basic plane in a
/// disclosure. As a holder and a verifier it knows only the system clock. As a verifier it wants
/// `iss` and `exp` and no empty array, checks neither `nbf` nor the credential's `iat`, and takes
/// no notice of a disclosure that nothing refers to. A deep enough chain of nested disclosures
/// overflows the stack and takes the test down with it.
#[derive(Debug, Clone, Copy)]
pub struct SdJwtRs;

impl SdJwtRs {
    fn alg(jwk: &Value) -> Result<String, No> {
        algorithm(jwk).map(str::to_owned)
    }

    /// The key in PKCS#8, the one form the crate's JWT library takes.
    fn signing_key(jwk: &Value) -> Result<jsonwebtoken::EncodingKey, No> {
        /// PKCS#8 up to the private scalar: version, P-256, and the start of `ECPrivateKey`.
        const P256: &[u8] = b"\x30\x81\x87\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\
            \x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x04\x6d\x30\x6b\x02\x01\x01\x04\x20";
        /// Between the private scalar and the public point: `[1]`, bit string, uncompressed.
        const P256_PUBLIC: &[u8] = b"\xa1\x44\x03\x42\x00\x04";
        /// PKCS#8 up to the seed: version, Ed25519.
        const ED25519: &[u8] = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
        let d = bytes(jwk, "d")?;
        Ok(if algorithm(jwk)? == "ES256" {
            let der = [P256, &d, P256_PUBLIC, &bytes(jwk, "x")?, &bytes(jwk, "y")?].concat();
            jsonwebtoken::EncodingKey::from_ec_der(&der)
        } else {
            jsonwebtoken::EncodingKey::from_ed_der(&[ED25519, &d].concat())
        })
    }

    /// `$.a.b[0]`, which has no way to write a name with a dot or a bracket.
    fn json_path(path: &[Step]) -> Result<String, No> {
        let mut text = "$".to_owned();
        for step in path {
            match step {
                Step::Name(name) if name.contains(['.', '[']) => {
                    return Err(unsupported(format!("a path with the name {name:?}")));
                }
                Step::Name(name) => text.extend([".", name]),
                Step::Index(index) => text.push_str(&format!("[{index}]")),
            }
        }
        Ok(text)
    }

    /// The claims to disclose as the holder wants them: nested objects and arrays of `true`.
    fn selection(paths: &[Vec<Step>]) -> Value {
        let mut children: BTreeMap<&Step, Vec<Vec<Step>>> = BTreeMap::new();
        for path in paths {
            if let Some((first, rest)) = path.split_first() {
                children.entry(first).or_default().push(rest.to_vec());
            }
        }
        if children.is_empty() {
            return Value::Bool(true);
        }
        let mut object = Map::new();
        let mut array = Vec::new();
        for (step, below) in children {
            match step {
                Step::Name(name) => {
                    object.insert(name.clone(), Self::selection(&below));
                }
                Step::Index(index) => {
                    array.resize(*index, Value::Null);
                    array.push(Self::selection(&below));
                }
            }
        }
        if array.is_empty() { Value::Object(object) } else { Value::Array(array) }
    }
}

impl Peer for SdJwtRs {
    fn name(&self) -> &'static str {
        "sd-jwt-rs 0.7.1 (crates.io)"
    }

    fn takes_time(&self) -> bool {
        false
    }

    fn issue(&mut self, c: &Issue) -> PeerResult<String> {
        use sd_jwt_rs::{
            ClaimsForSelectiveDisclosureStrategy, SDJWTIssuer, SDJWTSerializationFormat,
        };
        guarded(|| {
            if !c.header.is_empty() {
                return Err(unsupported("header members"));
            }
            if algorithm(&c.issuer_jwk)? != c.alg {
                return Err(unsupported("algorithm with this key"));
            }
            let claims = Value::Object(c.claims.clone());
            let mut paths = Vec::new();
            for path in &c.disclosable {
                let path = steps(path)?;
                // It would not notice a mistyped path: the claim would go out in clear.
                if lookup(&claims, &path).is_none() {
                    return Err(No::Refused(format!("no claim at {path:?}")));
                }
                paths.push(Self::json_path(&path)?);
            }
            let holder = match &c.holder_jwk {
                Some(jwk) => Some(serde_json::from_value(public(jwk))?),
                None => None,
            };
            let mut issuer =
                SDJWTIssuer::new(Self::signing_key(&c.issuer_jwk)?, Some(c.alg.clone()));
            Ok(issuer.issue_sd_jwt(
                claims,
                ClaimsForSelectiveDisclosureStrategy::Custom(
                    paths.iter().map(String::as_str).collect(),
                ),
                holder,
                false,
                SDJWTSerializationFormat::Compact,
            )?)
        })
    }

    fn present(&mut self, c: &Present) -> PeerResult<String> {
        use sd_jwt_rs::{SDJWTHolder, SDJWTSerializationFormat};
        guarded(|| {
            if c.iat.is_some() {
                return Err(unsupported("a time other than the system clock's"));
            }
            let paths = c.disclose.iter().map(steps).collect::<Result<Vec<_>, _>>()?;
            let selection = Self::selection(&paths).as_object().cloned().unwrap_or_default();
            let (aud, nonce) = split(c.binding.as_ref());
            let (key, alg) = match &c.holder_jwk {
                Some(jwk) => (Some(Self::signing_key(jwk)?), Some(Self::alg(jwk)?)),
                None => (None, None),
            };
            let mut holder = SDJWTHolder::new(c.sd_jwt.clone(), SDJWTSerializationFormat::Compact)?;
            Ok(holder.create_presentation(
                selection,
                nonce.map(str::to_owned),
                aud.map(str::to_owned),
                key,
                alg,
            )?)
        })
    }

    fn verify(&mut self, c: &Verify) -> PeerResult<Value> {
        use sd_jwt_rs::{SDJWTSerializationFormat, SDJWTVerifier};
        guarded(|| {
            if c.now.is_some() {
                return Err(unsupported("a time other than the system clock's"));
            }
            let jwk = serde_json::from_value(public(&c.issuer_jwk))?;
            let key = jsonwebtoken::DecodingKey::from_jwk(&jwk)?;
            let (aud, nonce) = split(c.binding.as_ref());
            let verifier = SDJWTVerifier::new(
                c.presentation.clone(),
                Box::new(move |_, _| key.clone()),
                aud.map(str::to_owned),
                nonce.map(str::to_owned),
                SDJWTSerializationFormat::Compact,
            )?;
            Ok(verifier.verified_claims)
        })
    }
}

fn lookup<'a>(value: &'a Value, path: &[Step]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, step| match step {
        Step::Name(name) => value.get(name),
        Step::Index(index) => value.get(index),
    })
}

// ---------------------------------------------------------------------------------------------
// identity-kit

use identity_kit::jose::{DefaultVerifier, Jwk, JwsAlgorithm, JwsHeader, SignError, Signer};
use identity_kit::resolver::{KeyReference, KeyResolutionError, KeyResolver, KeyRole};
use identity_kit::sd_jwt_vc as kit;
use identity_kit::vc::validation::{StatusPolicy, TimeOptions};

/// The crate `identity-kit` 0.4.0.
///
/// As a verifier it wants `typ`, `vct`, an `iss` with `https`, and a `kid` in the header (or an
/// `iss` that is a `did:jwk` of the key); it does not follow `x5c`.
#[derive(Debug, Clone, Copy)]
pub struct IdentityKit;

impl IdentityKit {
    fn time(at: Option<i64>) -> Result<TimeOptions, No> {
        at.map_or_else(
            || Ok(TimeOptions::default()),
            |at| {
                let at = chrono::DateTime::from_timestamp(at, 0);
                at.map(TimeOptions::at).ok_or_else(|| unsupported("a time so far away"))
            },
        )
    }

    fn path(path: &ClaimPath) -> Result<kit::ClaimPath, No> {
        Ok(kit::ClaimPath::new(steps(path)?.into_iter().map(|step| match step {
            Step::Name(name) => kit::PathComponent::Key(name),
            Step::Index(index) => kit::PathComponent::Index(index),
        })))
    }
}

/// Its signers are asynchronous for the sake of remote keys; nothing here ever waits.
fn ready<T>(future: impl Future<Output = T>) -> Result<T, No> {
    use std::task::{Context, Poll, Waker};
    match std::pin::pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Ok(value),
        Poll::Pending => Err(unsupported("waiting")),
    }
}

/// A private key, because its key stores only make keys and take none in.
enum KitSigner {
    Es256(p256::ecdsa::SigningKey),
    EdDsa(ed25519_dalek::SigningKey),
}

impl KitSigner {
    fn new(jwk: &Value) -> Result<Self, No> {
        let d = bytes(jwk, "d")?;
        Ok(if algorithm(jwk)? == "ES256" {
            Self::Es256(p256::ecdsa::SigningKey::from_slice(&d)?)
        } else {
            Self::EdDsa(ed25519_dalek::SigningKey::try_from(d.as_slice())?)
        })
    }
}

#[async_trait::async_trait]
impl Signer for KitSigner {
    fn alg(&self) -> JwsAlgorithm {
        match self {
            Self::Es256(_) => JwsAlgorithm::ES256,
            Self::EdDsa(_) => JwsAlgorithm::EdDSA,
        }
    }

    fn kid(&self) -> Option<&str> {
        None
    }

    async fn sign(&self, input: &[u8]) -> Result<Vec<u8>, SignError> {
        Ok(match self {
            Self::Es256(key) => {
                use p256::ecdsa::signature::Signer as _;
                let signature: p256::ecdsa::Signature = key.sign(input);
                signature.to_bytes().to_vec()
            }
            Self::EdDsa(key) => {
                use ed25519_dalek::Signer as _;
                key.sign(input).to_vec()
            }
        })
    }
}

/// Gives the one key, whatever the token says where it is: trust is settled by the caller.
struct OneKey(Jwk);

#[async_trait::async_trait]
impl KeyResolver for OneKey {
    async fn resolve_key(&self, _: &KeyReference, _: KeyRole) -> Result<Jwk, KeyResolutionError> {
        Ok(self.0.clone())
    }
}

impl Peer for IdentityKit {
    fn name(&self) -> &'static str {
        "identity-kit 0.4.0 (crates.io)"
    }

    fn issue(&mut self, c: &Issue) -> PeerResult<String> {
        guarded(|| {
            let signer = KitSigner::new(&c.issuer_jwk)?;
            if signer.alg().as_str() != c.alg {
                return Err(unsupported("algorithm with this key"));
            }
            let mut header = c.header.clone();
            header.insert("alg".to_owned(), c.alg.clone().into());
            let header: JwsHeader = serde_json::from_value(Value::Object(header))?;
            let mut claims = c.claims.clone();
            if let Some(jwk) = &c.holder_jwk {
                claims.insert("cnf".to_owned(), json!({ "jwk": public(jwk) }));
            }
            let mut builder = kit::SdJwtBuilder::new(claims);
            for path in &c.disclosable {
                builder = builder.conceal(Self::path(path)?);
            }
            Ok(ready(builder.sign(&header, &signer))??.to_string())
        })
    }

    fn present(&mut self, c: &Present) -> PeerResult<String> {
        guarded(|| {
            let sd_jwt = kit::SdJwt::parse(&c.sd_jwt)?;
            let processed = sd_jwt.process()?;
            // `disclose` would also send what is below a path, so the disclosures are picked one
            // by one: those whose place is on the way to a path.
            let mut wanted = Vec::new();
            for path in &c.disclose {
                let path = Self::path(path)?;
                if !processed.is_disclosed(&path) {
                    return Err(No::Refused(format!("no disclosure at {path}")));
                }
                let on_the_way = processed.disclosed.iter().filter(|d| d.path.is_prefix_of(&path));
                wanted.extend(on_the_way.map(|d| d.disclosure));
            }
            let mut index = 0..;
            let shown = sd_jwt.select(|_| index.next().is_some_and(|i| wanted.contains(&i)))?;
            let (Some(jwk), Some(binding)) = (&c.holder_jwk, &c.binding) else {
                return Ok(shown.to_string());
            };
            let at = Self::time(c.iat)?.now();
            let binding = kit::KeyBinding::new(&binding.aud, &binding.nonce, at);
            let signer = KitSigner::new(jwk)?;
            Ok(ready(shown.sign_key_binding(&binding, &signer))??.to_string())
        })
    }

    fn verify(&mut self, c: &Verify) -> PeerResult<Value> {
        guarded(|| {
            let time = Self::time(c.now)?;
            let mut options = kit::SdJwtValidationOptions::new()
                .with_time(time)
                // A status list would have to be fetched.
                .with_status(StatusPolicy::SkipAll);
            if let Some(Binding { aud, nonce }) = &c.binding {
                options = options
                    .with_key_binding(kit::KeyBindingOptions::new(aud, nonce).with_time(time));
            }
            let key: Jwk = serde_json::from_value(public(&c.issuer_jwk))?;
            let validator = kit::SdJwtCredentialValidator::new(OneKey(key), DefaultVerifier);
            let sd_jwt = kit::SdJwt::parse(&c.presentation)?;
            let validated = ready(validator.validate(&sd_jwt, &options))??;
            Ok(Value::Object(validated.credential.payload().clone()))
        })
    }
}
