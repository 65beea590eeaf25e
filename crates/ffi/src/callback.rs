//! Calls into the app: from a thread of their own, with a time limit.
//!
//! A callback that hangs would hang whoever waits for it. So it runs on a worker thread; when its time is up, the
//! worker is left behind and the caller goes on with an error. A worker also marks itself, so that a callback that
//! calls the wallet again is refused instead of waiting for itself.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use llavero_core::{Error as CoreError, SignerError};
use llavero_holder::{StoreError, WalletError};

use crate::LlaveroError;
use crate::error::{Fault, Misuse};

type Job = Box<dyn FnOnce() + Send>;

/// How long a callback may take where the app says nothing else.
pub(crate) const LIMIT_SECS: u32 = 60;

/// The stack of a worker. Callbacks go through the other language's machinery, which is not frugal.
const STACK_BYTES: usize = 1 << 20;

thread_local! {
    static IS_WORKER: Cell<bool> = const { Cell::new(false) };
}

/// Refuses calls that come from inside a callback: they would wait for the call that waits for them.
pub(crate) fn refuse_reentry() -> Result<(), LlaveroError> {
    if IS_WORKER.get() { Err(Misuse::Reentered.into()) } else { Ok(()) }
}

/// Calls the app, one callback at a time, and remembers how the first of them failed.
pub(crate) struct Caller {
    worker: Mutex<Option<Sender<Job>>>,
    limit: Mutex<Duration>,
    failure: Mutex<Option<Failure>>,
    /// Whether a callback of this step has not come back. The step then calls none any more: where one hangs the next
    /// is likely to, and a step that deletes a hundred keys must not wait a hundred times.
    late: AtomicBool,
}

/// How the first callback that failed in a step did so.
#[derive(Clone, Copy)]
enum Failure {
    /// By an error that its interface foresees: the wallet's own error says it.
    Foreseen,
    /// In another way.
    Fault(Fault),
}

impl Caller {
    pub(crate) fn new(limit_secs: u32) -> Arc<Self> {
        Arc::new(Self {
            worker: Mutex::new(None),
            limit: Mutex::new(seconds(limit_secs)),
            failure: Mutex::new(None),
            late: AtomicBool::new(false),
        })
    }

    /// Gives callbacks another time from now on.
    pub(crate) fn set_limit(&self, limit_secs: u32) {
        *held(&self.limit) = seconds(limit_secs);
    }

    /// Runs `job` on the worker and waits for what it returns.
    pub(crate) fn call<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let mut worker = held(&self.worker);
        if self.late.load(Ordering::Relaxed) {
            return Err(Fault::TimedOut);
        }
        let (answer, answered) = mpsc::sync_channel(1);
        let job: Job = Box::new(move || {
            // Nobody waits for an answer that comes too late.
            let _ = answer.send(job());
        });
        // A worker that died takes the job back with it.
        let refused = match worker.as_ref() {
            Some(sender) => sender.send(job).err().map(|refused| refused.0),
            None => Some(job),
        };
        if let Some(job) = refused {
            let sender = start()?;
            sender.send(job).map_err(|_| Fault::Failed)?;
            *worker = Some(sender);
        }
        let limit = *held(&self.limit);
        answered.recv_timeout(limit).map_err(|error| {
            // The next call gets another worker; this one ends when its callback does.
            *worker = None;
            match error {
                RecvTimeoutError::Timeout => {
                    self.late.store(true, Ordering::Relaxed);
                    Fault::TimedOut
                }
                RecvTimeoutError::Disconnected => Fault::Failed,
            }
        })
    }

    /// Remembers a fault until [`explain`](Self::explain) asks for it; the first failure of a step counts.
    pub(crate) fn note(&self, fault: Fault) {
        held(&self.failure).get_or_insert(Failure::Fault(fault));
    }

    /// Remembers that a callback failed as its interface foresees, so that no later fault passes for the reason.
    pub(crate) fn note_foreseen(&self) {
        held(&self.failure).get_or_insert(Failure::Foreseen);
    }

    /// Forgets what failed in an earlier step.
    pub(crate) fn forget(&self) {
        *held(&self.failure) = None;
        self.late.store(false, Ordering::Relaxed);
    }

    /// Says what was wrong with the generator, if it was that.
    pub(crate) fn explain_or(&self, error: impl Into<LlaveroError>) -> LlaveroError {
        self.fault().map_or_else(|| error.into(), Into::into)
    }

    /// Says what was wrong with a callback where the wallet only knows that something was not available.
    pub(crate) fn explain(&self, error: WalletError) -> LlaveroError {
        match (self.fault(), &error) {
            (
                Some(fault),
                WalletError::Engine(
                    CoreError::Random | CoreError::Signer(SignerError::Unavailable),
                )
                | WalletError::Store(StoreError::Random | StoreError::Unavailable),
            ) => fault.into(),
            _ => error.into(),
        }
    }

    fn fault(&self) -> Option<Fault> {
        match *held(&self.failure) {
            Some(Failure::Fault(fault)) => Some(fault),
            Some(Failure::Foreseen) | None => None,
        }
    }
}

/// What a lock holds. Nothing is changed by halves under these, so a panic elsewhere spoils none.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

fn seconds(count: u32) -> Duration {
    Duration::from_secs(u64::from(count))
}

/// A thread that does jobs until nobody can send any.
fn start() -> Result<Sender<Job>, Fault> {
    let (sender, jobs) = mpsc::channel::<Job>();
    let work = move || {
        IS_WORKER.set(true);
        for job in jobs {
            job();
        }
    };
    let thread = thread::Builder::new().name("llavero-callback".to_owned()).stack_size(STACK_BYTES);
    thread.spawn(work).map_err(|_| Fault::Failed)?;
    Ok(sender)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_up_on_a_callback_that_hangs_and_goes_on_in_the_next_step() {
        let caller = Caller::new(5);
        *held(&caller.limit) = Duration::from_millis(20);
        let hang = || thread::sleep(Duration::from_secs(2));
        assert_eq!(caller.call(hang), Err(Fault::TimedOut));
        assert_eq!(caller.call(|| 7), Err(Fault::TimedOut), "the same step waits no more");
        caller.forget();
        assert_eq!(caller.call(|| 7), Ok(7));
    }

    #[test]
    fn tells_the_first_failure_of_a_step() {
        let error = || WalletError::Store(StoreError::Unavailable);
        let caller = Caller::new(5);
        caller.note_foreseen();
        caller.note(Fault::Failed);
        assert_eq!(caller.explain(error()).code(), "store_unavailable");
        caller.forget();
        caller.note(Fault::Malformed);
        caller.note(Fault::Failed);
        caller.note_foreseen();
        assert_eq!(caller.explain(error()).code(), "callback_malformed");
    }

    #[test]
    fn survives_a_callback_that_panics() {
        let caller = Caller::new(5);
        assert_eq!(caller.call(|| panic!("of the test")), Err::<(), _>(Fault::Failed));
        assert_eq!(caller.call(|| 7), Ok(7));
    }

    #[test]
    fn knows_when_it_is_called_from_a_callback() {
        assert!(refuse_reentry().is_ok());
        let inside = Caller::new(5).call(|| refuse_reentry().map_err(|error| error.code()));
        assert_eq!(inside, Ok(Err("callback_reentered".to_owned())));
    }

    #[test]
    fn uses_one_thread_for_many_callbacks() {
        let caller = Caller::new(5);
        let first = caller.call(|| thread::current().id()).unwrap();
        assert_eq!(caller.call(|| thread::current().id()), Ok(first));
    }
}
