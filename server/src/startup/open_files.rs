//! How many files, and so how many connections, the process may have open.

/// Raises the soft limit to the hard one, as every server does that wants many connections. Gives what the limit is then; none if
/// there is none, or none to be found out.
#[cfg(unix)]
pub(crate) fn raise_limit() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let limit = getrlimit(Resource::Nofile);
    if limit.current == limit.maximum {
        return limit.current;
    }
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    if setrlimit(Resource::Nofile, raised).is_ok() { limit.maximum } else { limit.current }
}

/// There is no such limit to be asked for.
#[cfg(not(unix))]
pub(crate) fn raise_limit() -> Option<u64> {
    None
}
