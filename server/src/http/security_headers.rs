//! What browsers are told to hold the page to: its Content-Security-Policy, and the rest that keeps other pages and guesses away.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

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

use crate::{config::Config, http::routes::assets::INDEX};

/// For all that is not the page: nothing in it may be loaded or run, should a browser take it for a document.
const NOTHING: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Cross-Origin-Opener-Policy is for pages, and browsers ignore it elsewhere; it does no harm there. The address of a page may have
/// messages in it (links), so it is told to nobody.
const ALWAYS: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
    (
        header::PERMISSIONS_POLICY,
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), \
         gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), \
         publickey-credentials-get=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=()",
    ),
];

/// Makes the headers of the answers of a listener.
pub(crate) struct SecurityHeaders {
    /// The file of the page.
    index: PathBuf,
    /// The policy of the page, for the version of the file that it was made for.
    cached: Mutex<Option<(Version, HeaderValue)>>,
    /// The paths at which it is served.
    page: Vec<String>,
    /// The sources of `connect-src` beside the server itself.
    connect: String,
    /// Strict-Transport-Security (RFC 6797), which is for answers over TLS alone.
    transport: Option<HeaderValue>,
}

impl SecurityHeaders {
    /// For a listener with or without TLS.
    pub(crate) fn new(config: &Config, tls: bool) -> Arc<Self> {
        let age = config.hsts.as_secs();
        Arc::new(Self {
            index: config.dist.join(INDEX),
            cached: Mutex::new(None),
            page: ["", INDEX].map(|name| format!("{}/{name}", config.base_path.as_str())).to_vec(),
            connect: config.connect_src.iter().map(|source| format!(" {source}")).collect(),
            transport: (tls && age > 0)
                .then(|| HeaderValue::try_from(format!("max-age={age}")).ok())
                .flatten(),
        })
    }

    /// For a listener without the page and without TLS.
    pub(crate) fn without_a_page() -> Arc<Self> {
        Arc::new(Self {
            index: PathBuf::new(),
            cached: Mutex::new(None),
            page: Vec::new(),
            connect: String::new(),
            transport: None,
        })
    }

    /// The policy for a path. It goes by the path because a browser keeps the policy of a 304 as well, which has no type.
    fn policy(&self, path: &str) -> HeaderValue {
        if !self.page.iter().any(|page| page == path) {
            return HeaderValue::from_static(NOTHING);
        }
        let version = Version::of(&self.index);
        let mut cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        match &*cached {
            Some((of, policy)) if *of == version => policy.clone(),
            _ => cached.insert((version, self.page_policy())).1.clone(),
        }
    }

    /// Makes the policy of the page: its inline scripts are allowed by their hashes.
    fn page_policy(&self) -> HeaderValue {
        let html = std::fs::read(&self.index).unwrap_or_default();
        let hashes: String = inline_scripts(&String::from_utf8_lossy(&html)).map(hash).collect();
        // Downloads by blob: addresses are no matter of a policy, and styles set by script not of style-src.
        let policy = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; img-src 'self'; \
             connect-src 'self'{}; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            self.connect
        );
        HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static(NOTHING))
    }
}

/// The version of a file: its length and the time of its last change. None for a file that is not there.
///
/// A build may replace the page while the server runs, so the policy is made again for another version. To read the version takes
/// 1 us; to read and hash the file takes a hundred times as much.
#[derive(Debug, PartialEq, Eq)]
struct Version(Option<(u64, Option<SystemTime>)>);

impl Version {
    fn of(path: &Path) -> Self {
        Self(std::fs::metadata(path).ok().map(|file| (file.len(), file.modified().ok())))
    }
}

/// Adds the headers to an answer. Those of a 101 are none of a document's.
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

/// Adds the headers to the answer to a request that could not be read.
pub(crate) fn write_to_bad_request(headers: &mut HeaderMap) {
    write(headers, HeaderValue::from_static(NOTHING));
}

fn write(headers: &mut HeaderMap, policy: HeaderValue) {
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Whether the client knows the server as localhost. A browser that was told to use TLS there would do so for every other server that
/// its user is working on.
fn is_local(request: &RequestHead) -> bool {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.split(':').next().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// The texts between `<script …>` and `</script>`, without those that are empty because the script is a file.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    // The same bytes at the same places.
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

/// A source that lets this script run (CSP Level 3 section 2.3.1, `hash-source`), behind a space.
fn hash(script: &str) -> String {
    // What the browser hashes is what its parser reads, and that reads line ends as line feeds.
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
        // CSP Level 3 section 8.3 has this example.
        let source = " 'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='";
        assert_eq!(hash("alert('Hello, world.');"), source);
        assert_eq!(hash("a\r\nb\rc"), hash("a\nb\nc"));
    }
}
