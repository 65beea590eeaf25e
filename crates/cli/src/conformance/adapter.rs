//! Another implementation, examined through a program of its own: one line of JSON in, one line out.

use std::io::{self, BufRead, BufReader, Read as _, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::answer::Answer;
use super::kind::Kind;
use super::{Examinee, Unanswered};

/// The longest line that is read: several times the longest case.
const MAX_LINE_BYTES: u64 = 16 << 20;

/// After so many cases without a single answer, the rest would only cost time.
const SILENT_CASES: u32 = 3;

/// How long a program may take to end once there are no more cases.
const FAREWELL: Duration = Duration::from_secs(2);

/// A program that answers cases.
///
/// It is started once and asked case after case. One that ends, is late or answers something else is started anew for
/// the next case.
#[derive(Debug)]
pub(crate) struct Adapter {
    command: Vec<String>,
    limit: Duration,
    running: Option<Running>,
    /// Cases without an answer so far; `None` once there was one.
    silent: Option<u32>,
}

/// Why a program cannot be examined.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AdapterError {
    #[error("the adapter has not answered any of its first {SILENT_CASES} cases: {0}")]
    Silent(Unanswered),
    #[error("the adapter cannot be started: {0}")]
    Start(#[from] io::Error),
}

#[derive(Debug)]
struct Running {
    child: Child,
    /// Taken away to let the program end.
    questions: Option<Sender<String>>,
    answers: Receiver<Option<Vec<u8>>>,
}

impl Adapter {
    /// A program and its arguments, separated by white space; there is no shell.
    pub(crate) fn new(command: &str, limit: Duration) -> Self {
        let command = command.split_whitespace().map(str::to_owned).collect();
        Self { command, limit, running: None, silent: Some(0) }
    }

    fn ask(
        &mut self,
        id: &Value,
        question: String,
    ) -> Result<Result<Answer, Unanswered>, io::Error> {
        let running = match self.running.take() {
            Some(running) => running,
            None => Running::start(&self.command)?,
        };
        let answer = running
            .exchange(question, self.limit)
            .and_then(|line| Answer::from_line(&line, id).ok_or(Unanswered::Malformed));
        // A program that was late, or lost count, would give the next case the answer to this one.
        match answer {
            Ok(_) => self.running = Some(running),
            Err(_) => running.kill(),
        }
        Ok(answer)
    }
}

impl Examinee for Adapter {
    fn answer(
        &mut self,
        _: &Kind,
        input: &Value,
    ) -> Result<Result<Answer, Unanswered>, AdapterError> {
        let id = input.get("id").cloned().unwrap_or_default();
        let answer = self.ask(&id, question(input))?;
        self.silent = match (&answer, self.silent) {
            (Err(_), Some(before)) => Some(before + 1),
            _ => None,
        };
        match answer {
            Err(why) if self.silent == Some(SILENT_CASES) => Err(AdapterError::Silent(why)),
            answer => Ok(answer),
        }
    }

    fn has_our_codes(&self) -> bool {
        false
    }
}

/// The line for a case. It begins with `id` and `kind`, so that a small script need not read all of it.
fn question(input: &Value) -> String {
    let mut rest = input.as_object().cloned().unwrap_or_default();
    let mut first = |name| rest.remove(name).unwrap_or_default();
    let (id, kind) = (first("id"), first("kind"));
    let rest: String = rest.iter().map(|(name, value)| format!(",\"{name}\":{value}")).collect();
    format!("{{\"id\":{id},\"kind\":{kind}{rest}}}\n")
}

impl Running {
    fn start(command: &[String]) -> io::Result<Self> {
        let (program, arguments) = command.split_first().ok_or(io::ErrorKind::NotFound)?;
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (questions, asked) = mpsc::channel();
        let (given, answers) = mpsc::channel();
        if let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) {
            std::thread::spawn(move || relay(&asked, &given, stdin, stdout));
        }
        Ok(Self { child, questions: Some(questions), answers })
    }

    fn exchange(&self, question: String, limit: Duration) -> Result<Vec<u8>, Unanswered> {
        let sent = self.questions.as_ref().map(|questions| questions.send(question));
        if !matches!(sent, Some(Ok(()))) {
            return Err(Unanswered::Ended);
        }
        match self.answers.recv_timeout(limit) {
            Ok(Some(line)) => Ok(line),
            Ok(None) | Err(mpsc::RecvTimeoutError::Disconnected) => Err(Unanswered::Ended),
            Err(mpsc::RecvTimeoutError::Timeout) => Err(Unanswered::Late { secs: limit.as_secs() }),
        }
    }

    /// Ends the program without waiting for it.
    fn kill(mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
    }
}

/// Carries lines to and from the program, so that one that stands still holds up a thread and not the run.
fn relay(
    asked: &Receiver<String>,
    given: &Sender<Option<Vec<u8>>>,
    mut stdin: ChildStdin,
    stdout: ChildStdout,
) {
    let mut stdout = BufReader::new(stdout);
    for question in asked {
        let written = stdin.write_all(question.as_bytes()).and_then(|()| stdin.flush());
        let line = written.and_then(|()| read_line(&mut stdout)).ok().flatten();
        let ended = line.is_none();
        if given.send(line).is_err() || ended {
            break;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Without questions its standard input is closed, at which a program should end.
        self.questions = None;
        let until = Instant::now() + FAREWELL;
        while Instant::now() < until {
            match self.child.try_wait() {
                Ok(None) => std::thread::sleep(Duration::from_millis(10)),
                Ok(Some(_)) | Err(_) => return,
            }
        }
        // Nothing is left to be done about one that cannot be ended.
        let _ = self.child.kill().and_then(|()| self.child.wait());
    }
}

/// Answers cases from standard input on standard output, as an adapter does.
pub(crate) fn serve() -> io::Result<()> {
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    while let Some(line) = read_line(&mut input)? {
        let case: Value = serde_json::from_slice(&line).map_err(io::Error::other)?;
        let kind = case.get("kind").and_then(Value::as_str).and_then(Kind::named);
        let answer = match kind.map(|kind| kind.answer(&case)) {
            Some(Ok(answer)) => answer,
            Some(Err(unreadable)) => return Err(io::Error::other(unreadable)),
            None => Answer::Skip,
        };
        let id = case.get("id").cloned().unwrap_or_default();
        writeln!(output, "{}", answer.to_line(&id))?;
        output.flush()?;
    }
    Ok(())
}

/// The next line; `None` after the last.
fn read_line(source: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    match source.by_ref().take(MAX_LINE_BYTES).read_until(b'\n', &mut line)? {
        0 => Ok(None),
        length if length as u64 == MAX_LINE_BYTES => Err(io::ErrorKind::FileTooLarge.into()),
        _ => Ok(Some(line)),
    }
}
