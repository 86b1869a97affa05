//! Security headers: the Content-Security-Policy of the page, and headers that limit other pages, unused features of the browser,
//! and guesses of a type.

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::{
    Error,
    body::MessageBody,
    dev::{RequestHead, ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

use crate::{
    config::Config,
    http::page::{INDEX, Page, Version},
};

/// Policy of all answers but the page: a browser that takes one for a document loads and runs nothing in it.
const DENY_ALL: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Headers of every answer. Browsers ignore Cross-Origin-Opener-Policy for anything but pages, and give a page
/// and a worker with it and Cross-Origin-Embedder-Policy a clock of 5 µs instead of 100 µs. Referrer-Policy keeps the page's
/// URL from other servers, since a link to the page may hold messages.
const FIXED: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
    (header::CROSS_ORIGIN_EMBEDDER_POLICY, "require-corp"),
    (
        header::PERMISSIONS_POLICY,
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), \
         gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), \
         publickey-credentials-get=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=()",
    ),
];

/// The security headers of a listener's answers.
pub(crate) struct SecurityHeaders {
    /// The page; none if the listener does not serve it.
    page: Option<Arc<Page>>,
    /// The policy of the page, with the version of the file that it was made from. A build may replace the page while the server runs.
    cached: Mutex<Option<(Version, HeaderValue)>>,
    /// The paths of the page, and of its workers that run a module: a worker has the policy of its own script.
    page_paths: Vec<String>,
    /// The sources of `connect-src` beside the server itself, each behind a space.
    connect_src: String,
    /// The value of Strict-Transport-Security (RFC 6797), which is for answers over TLS alone.
    transport: Option<HeaderValue>,
}

impl SecurityHeaders {
    /// The headers for a listener with or without TLS.
    pub(crate) fn new(config: &Config, page: Arc<Page>, tls: bool) -> Arc<Self> {
        let age = config.hsts.as_secs();
        Arc::new(Self {
            page: Some(page),
            cached: Mutex::new(None),
            page_paths: ["", INDEX, "socket-worker.js", "viewers-worker.js"]
                .map(|name| format!("{}/{name}", config.base_path.as_str()))
                .to_vec(),
            connect_src: config.connect_src.iter().map(|source| format!(" {source}")).collect(),
            transport: (tls && age > 0)
                .then(|| HeaderValue::try_from(format!("max-age={age}")).ok())
                .flatten(),
        })
    }

    /// The headers for a listener without the page and without TLS.
    pub(crate) fn without_a_page() -> Arc<Self> {
        Arc::new(Self {
            page: None,
            cached: Mutex::new(None),
            page_paths: Vec::new(),
            connect_src: String::new(),
            transport: None,
        })
    }

    /// Returns the policy for a path. The type of the answer cannot decide: a 304 has none, and browsers keep its policy as well.
    fn policy(&self, path: &str) -> HeaderValue {
        let Some(page) = self.page.as_ref().filter(|_| self.page_paths.iter().any(|page| page == path))
        else {
            return HeaderValue::from_static(DENY_ALL);
        };
        let Ok(version) = page.index_version() else { return self.page_policy(b"") };
        let mut cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        match &*cached {
            Some((of, policy)) if *of == version => policy.clone(),
            _ => match page.index() {
                Ok(html) => cached.insert((version, self.page_policy(&html))).1.clone(),
                // Not cached: the file may be readable at the next request, without a new version.
                Err(_) => self.page_policy(b""),
            },
        }
    }

    /// Returns the policy of a page, which allows its inline scripts by their hashes.
    fn page_policy(&self, html: &[u8]) -> HeaderValue {
        let hashes: String = inline_scripts(&String::from_utf8_lossy(html)).map(hash_source).collect();
        // Downloads from blob: URLs need no source, and styles that a script sets are not under style-src. The icon of the tab, with the
        // state of the connection, is a data: URL.
        let policy = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; img-src 'self' data:; \
             connect-src 'self'{}; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            self.connect_src
        );
        HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static(DENY_ALL))
    }
}

/// Adds the headers to an answer. A 101 gets none: it brings no document.
pub(crate) async fn add(
    headers: Arc<SecurityHeaders>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let policy = headers.policy(request.path());
    let transport = headers.transport.clone().filter(|_| !is_local(request.head()));
    let mut response = next.call(request).await?;
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        let headers = response.headers_mut();
        write(headers, policy);
        if let Some(transport) = transport {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, transport);
        }
    }
    Ok(response)
}

/// Adds the headers to the answer to a request that could not be parsed.
pub(crate) fn write_to_bad_request(headers: &mut HeaderMap) {
    write(headers, HeaderValue::from_static(DENY_ALL));
}

fn write(headers: &mut HeaderMap, policy: HeaderValue) {
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// True if the client calls the server localhost. Strict-Transport-Security is for a name with all its ports, so a browser would
/// demand TLS from all other servers on its machine as well.
fn is_local(request: &RequestHead) -> bool {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.split(':').next().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// Returns the texts between `<script …>` and `</script>`, without the empty ones of scripts in files.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    // Only ASCII changes, so an index is good for both texts.
    let lower = html.to_ascii_lowercase();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            at += lower.get(at..)?.find("<script")?;
            at += lower.get(at..)?.find('>')? + 1;
            let len = lower.get(at..)?.find("</script")?;
            let script = html.get(at..at + len)?;
            at += len;
            if !script.is_empty() {
                return Some(script);
            }
        }
    })
}

/// Returns a source that allows a script (CSP Level 3 section 2.3.1, `hash-source`), behind a space.
fn hash_source(script: &str) -> String {
    // Browsers hash the parsed text, in which every line end is a line feed.
    let script = script.replace("\r\n", "\n").replace('\r', "\n");
    format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_found_and_files_are_not() {
        let html = "<!doctype html><SCRIPT type=module>a < b;\n</SCRIPT ><script src=a.js></script><script>c</script>";
        assert_eq!(inline_scripts(html).collect::<Vec<_>>(), ["a < b;\n", "c"]);
        for html in ["", "<script", "<script>", "<script>a", "<p>é</p>"] {
            assert_eq!(inline_scripts(html).count(), 0, "{html}");
        }
    }

    #[test]
    fn a_hash_is_that_of_the_specification() {
        // An example in CSP Level 3 section 8.3.
        let source = " 'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='";
        assert_eq!(hash_source("alert('Hello, world.');"), source);
        assert_eq!(hash_source("a\r\nb\rc"), hash_source("a\nb\nc"));
    }
}
