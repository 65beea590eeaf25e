//! Calls into the app: from a thread of their own, with a time limit.
//!
//! A callback that hangs would hang whoever waits for it. So it runs on a worker thread; when its time is up, the
//! worker is left behind and the caller goes on with an error. A worker also marks itself, so that a callback that
//! calls the wallet again is refused instead of waiting for itself.

use std::cell::Cell;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
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
    limit: Duration,
    fault: Mutex<Option<Fault>>,
}

impl Caller {
    pub(crate) fn new(limit_secs: u32) -> Arc<Self> {
        Arc::new(Self {
            worker: Mutex::new(None),
            limit: Duration::from_secs(u64::from(limit_secs)),
            fault: Mutex::new(None),
        })
    }

    /// Runs `job` on the worker and waits for what it returns.
    pub(crate) fn call<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let mut worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
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
        answered.recv_timeout(self.limit).map_err(|error| {
            // The next call gets another worker; this one ends when its callback does.
            *worker = None;
            match error {
                RecvTimeoutError::Timeout => Fault::TimedOut,
                RecvTimeoutError::Disconnected => Fault::Failed,
            }
        })
    }

    /// Remembers a fault until [`explain`](Self::explain) asks for it; the first one counts.
    pub(crate) fn note(&self, fault: Fault) {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(fault);
    }

    /// Forgets the faults of an earlier step.
    pub(crate) fn forget(&self) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Says what was wrong with the generator, if it was that.
    pub(crate) fn explain_or(&self, error: impl Into<LlaveroError>) -> LlaveroError {
        let fault = *self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        fault.map_or_else(|| error.into(), Into::into)
    }

    /// Says what was wrong with a callback where the wallet only knows that something was not available.
    pub(crate) fn explain(&self, error: WalletError) -> LlaveroError {
        let fault = *self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        match (fault, &error) {
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
    fn gives_up_on_a_callback_that_hangs_and_goes_on() {
        let caller = Caller { limit: Duration::from_millis(20), ..fresh() };
        let hang = || thread::sleep(Duration::from_secs(2));
        assert_eq!(caller.call(hang), Err(Fault::TimedOut));
        assert_eq!(caller.call(|| 7), Ok(7));
    }

    #[test]
    fn survives_a_callback_that_panics() {
        let caller = fresh();
        assert_eq!(caller.call(|| panic!("of the test")), Err::<(), _>(Fault::Failed));
        assert_eq!(caller.call(|| 7), Ok(7));
    }

    #[test]
    fn knows_when_it_is_called_from_a_callback() {
        assert!(refuse_reentry().is_ok());
        let inside = fresh().call(|| refuse_reentry().map_err(|error| error.code()));
        assert_eq!(inside, Ok(Err("callback_reentered".to_owned())));
    }

    #[test]
    fn uses_one_thread_for_many_callbacks() {
        let caller = fresh();
        let first = caller.call(|| thread::current().id()).unwrap();
        assert_eq!(caller.call(|| thread::current().id()), Ok(first));
    }

    fn fresh() -> Caller {
        Caller { worker: Mutex::new(None), limit: Duration::from_secs(5), fault: Mutex::new(None) }
    }
}
