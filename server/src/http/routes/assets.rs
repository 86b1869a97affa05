//! The page: the files of `dist`, with headers that let browsers cache the files that never change.

use std::{
    fs::File,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use actix_files::{NamedFile, PathBufWrap};
use actix_web::{
    Error, HttpMessage as _, HttpRequest, HttpResponse,
    body::{BodySize, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, AcceptEncoding, ContentEncoding, Encoding, HeaderMap, HeaderValue},
    },
    middleware::Next,
};

use super::file_body::FileBody;

/// The file at `/`.
pub(crate) const INDEX: &str = "index.html";

/// The pattern of the paths below a folder.
pub(crate) const BELOW: &str = "/{below:.*}";

const NOT_BUILT: &str = include_str!("not_built.html");

/// Encodings in which a file may exist, each with the suffix of its file name.
const VARIANTS: [(ContentEncoding, &str); 3] =
    [(ContentEncoding::Brotli, ".br"), (ContentEncoding::Gzip, ".gz"), (ContentEncoding::Identity, "")];

/// The files of a folder.
pub(crate) struct Files {
    dist: PathBuf,
    /// The path of the page.
    page_path: String,
    /// HTML that tells how to build the page.
    not_built: String,
}

impl Files {
    /// The files below the folder `dist`, which are served below the path `base`.
    pub(crate) fn new(dist: &Path, base: &str) -> Self {
        let not_built = NOT_BUILT.replace("/echo", &format!("{base}/echo"));
        Self { dist: dist.to_owned(), page_path: format!("{base}/"), not_built }
    }

    /// Answers a request for a path that was matched by [`BELOW`].
    pub(crate) fn answer(&self, request: &HttpRequest) -> HttpResponse {
        if ![Method::GET, Method::HEAD].contains(request.method()) {
            return HttpResponse::MethodNotAllowed()
                .content_type("text/plain; charset=utf-8")
                .body("this path is for GET, HEAD only\n");
        }
        let path = match PathBufWrap::parse_path(request.match_info().query("below"), false) {
            Ok(path) => path,
            Err(bad) => return HttpResponse::from_error(bad),
        };
        self.send(request, path.as_ref()).unwrap_or_else(|_| self.missing(request))
    }

    fn send(&self, request: &HttpRequest, path: &Path) -> io::Result<HttpResponse> {
        let root = self.dist.canonicalize()?;
        let mut path = root.join(path);
        if path.is_dir() {
            path.push(INDEX);
        }
        if !is_servable(&root, &path) {
            return Err(ErrorKind::NotFound.into());
        }
        let (file, encoding) = open(&path, request)?;
        let body = file.try_clone()?;
        let mut response = NamedFile::from_file(file, &path)?.into_response(request);
        if encoding != ContentEncoding::Identity {
            response.headers_mut().insert(header::CONTENT_ENCODING, encoding.to_header_value());
        }
        let BodySize::Sized(len @ 1..) = response.body().size() else { return Ok(response) };
        let body = FileBody::new(body, range_start(response.headers()), len)?;
        Ok(response.set_body(body).map_into_boxed_body())
    }

    fn missing(&self, request: &HttpRequest) -> HttpResponse {
        if request.path() != self.page_path {
            return not_found();
        }
        // A page that exists could not be opened, most likely for want of a file descriptor. This check needs none.
        if !self.dist.join(INDEX).exists() {
            return HttpResponse::ServiceUnavailable()
                .content_type("text/html; charset=utf-8")
                .body(self.not_built.clone());
        }
        HttpResponse::ServiceUnavailable()
            .insert_header((header::RETRY_AFTER, "1"))
            .content_type("text/plain; charset=utf-8")
            .body("the page cannot be read at the moment; try again\n")
    }
}

/// Opens the variant of a file that the client prefers (RFC 9110 section 12.5.3). Returns its encoding as well.
fn open(path: &Path, request: &HttpRequest) -> io::Result<(File, ContentEncoding)> {
    let accepted = request.get_header::<AcceptEncoding>();
    let existing = VARIANTS.iter().filter(|(_, suffix)| with_suffix(path, suffix).exists());
    let existing: Vec<_> = existing.map(|(encoding, _)| Encoding::Known(*encoding)).collect();
    let best = match accepted.and_then(|accepted| accepted.negotiate(existing.iter())) {
        Some(Encoding::Known(best)) => best,
        _ => ContentEncoding::Identity,
    };
    let suffix = VARIANTS.iter().find(|(encoding, _)| *encoding == best).map_or("", |(_, suffix)| suffix);
    Ok((File::open(with_suffix(path, suffix))?, best))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Returns the offset of an answer's range in the file, in bytes: 10 for `Content-Range: bytes 10-19/100` (RFC 9110 section
/// 14.4), and 0 without that header.
fn range_start(headers: &HeaderMap) -> u64 {
    let range = headers.get(header::CONTENT_RANGE).and_then(|range| range.to_str().ok());
    let start = range.and_then(|range| range.strip_prefix("bytes ")?.split('-').next()?.parse().ok());
    start.unwrap_or_default()
}

/// True if a file and its variants, as far as they exist, lie below `root` and are regular files: symbolic links must not lead
/// out of the folder, and opening a pipe would block the thread.
fn is_servable(root: &Path, path: &Path) -> bool {
    VARIANTS.iter().all(|(_, suffix)| {
        with_suffix(path, suffix).canonicalize().map_or(true, |real| real.starts_with(root) && real.is_file())
    })
}

pub(crate) fn not_found() -> HttpResponse {
    HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body("not found\n")
}

/// Redirects to the same path with a slash at its end, since the page refers to its files by relative paths. Browsers would keep
/// a permanent redirect even when the server runs with another base path.
pub(crate) async fn redirect(request: HttpRequest) -> HttpResponse {
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    HttpResponse::TemporaryRedirect()
        .insert_header((header::LOCATION, format!("{}/{query}", request.path())))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
}

/// Adds `Cache-Control` and `Vary` to the answers of [`Files`].
pub(crate) async fn cache_headers(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let immutable = is_hashed(request.path());
    let mut response = next.call(request).await?;
    let kept = response.status().is_success() || response.status() == 304;
    let value = match (kept, immutable) {
        (true, true) => "public, max-age=31536000, immutable",
        (true, false) => "no-cache",
        (false, _) => "no-store",
    };
    let status = response.status();
    let headers = response.headers_mut();
    // RFC 9110 section 15.5.6.
    if status == 405 {
        headers.insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    // actix-files names the character set of some types only.
    if let Some(value) = headers.get(header::CONTENT_TYPE).and_then(with_charset) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
    // The answer depends on this header even if it is the uncompressed file.
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Ok(response)
}

/// Returns a text type with the character set that it lacks. The build writes UTF-8 only.
fn with_charset(value: &HeaderValue) -> Option<HeaderValue> {
    let value =
        value.to_str().ok().filter(|value| value.starts_with("text/") && !value.contains("charset"))?;
    HeaderValue::from_str(&format!("{value}; charset=utf-8")).ok()
}

/// True if a file's name holds the hash of its content, as trunk writes it: `name-0123456789abcdef.js`, `…_bg.wasm`.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    stem.rsplit_once('-')
        .is_some_and(|(_, hash)| hash.len() >= 15 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashed_names() {
        for path in [
            "/ws-echo-client-3f1c2a9b8d7e6f50.js",
            "/ws-echo-client-3f1c2a9b8d7e6f50_bg.wasm",
            "/a/style-3f1c2a9b8d7e6f5.css",
        ] {
            assert!(is_hashed(path), "{path}");
        }
        for path in [
            "/",
            "/index.html",
            "/favicon-32x32.png",
            "/a-deadbeef.js",
            "/a-3f1c2a9b8d7e6f5z.js",
            "/3f1c2a9b8d7e6f50/a.js",
        ] {
            assert!(!is_hashed(path), "{path}");
        }
    }
}
