//! The actix-web application: the table of routes, its handlers, and the headers and log lines of all answers.

pub(crate) mod access_log;
pub(crate) mod app;
pub(crate) mod page;
pub(crate) mod refusals;
pub(crate) mod routes;
pub(crate) mod security_headers;
