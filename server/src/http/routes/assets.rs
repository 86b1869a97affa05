//! The page: its files, with headers that let browsers cache the files that never change.

use std::{ops::Range, sync::Arc};

use actix_files::PathBufWrap;
use actix_web::{
    Error, HttpMessage as _, HttpRequest, HttpResponse, HttpResponseBuilder,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{
            self, AcceptEncoding, ByteRangeSpec, ContentEncoding, ContentRange, ContentRangeSpec, ETag,
            EntityTag, Header as _, HeaderValue, IfMatch, IfNoneMatch, IfRange,
        },
    },
    middleware::Next,
};

use crate::http::page::{Asset, Page, PageBody};

/// The pattern of the paths below a folder.
pub(crate) const BELOW: &str = "/{below:.*}";

const NOT_BUILT: &str = include_str!("not_built.html");

/// The answers to requests for the files of the page.
pub(crate) struct Assets {
    page: Arc<Page>,
    /// The path of the page.
    page_path: String,
    /// HTML that tells how to build the page.
    not_built: String,
}

impl Assets {
    /// The files of a page that is served below the path `base`.
    pub(crate) fn new(page: Arc<Page>, base: &str) -> Self {
        let not_built = NOT_BUILT.replace("/echo", &format!("{base}/echo"));
        Self { page, page_path: format!("{base}/"), not_built }
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
        let accepted = request.get_header::<AcceptEncoding>();
        let asset = self.page.asset(path.as_ref(), accepted.as_ref());
        asset.and_then(|asset| send(request, asset)).unwrap_or_else(|_| self.missing(request))
    }

    fn missing(&self, request: &HttpRequest) -> HttpResponse {
        if request.path() != self.page_path {
            return not_found();
        }
        // A page that exists could not be opened, most likely for want of a file descriptor. This check needs none.
        if !self.page.exists() {
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

/// Returns the answer with a file, as far as the client wants it. The conditions have the order of RFC 9110 section 13.2.2; those on
/// times are ignored, as a file of the page has no time.
fn send(request: &HttpRequest, asset: Asset) -> std::io::Result<HttpResponse> {
    let Asset { content, len, tag, media_type, encoding } = asset;
    let mut response = HttpResponseBuilder::new(StatusCode::OK);
    response.insert_header(ETag(tag.clone()));
    if !matches(request, &tag) {
        return Ok(response.status(StatusCode::PRECONDITION_FAILED).finish());
    }
    if is_known(request, &tag) {
        return Ok(response.status(StatusCode::NOT_MODIFIED).finish());
    }
    response.insert_header(header::ContentType(media_type)).insert_header((header::ACCEPT_RANGES, "bytes"));
    if encoding != ContentEncoding::Identity {
        response.insert_header(encoding);
    }
    let part = match range(request, &tag, len) {
        Wanted::All => 0..len,
        Wanted::Part(part) => {
            let range = Some((part.start, part.end - 1));
            response
                .status(StatusCode::PARTIAL_CONTENT)
                .insert_header(ContentRange(ContentRangeSpec::Bytes { range, instance_length: Some(len) }));
            part
        }
        Wanted::Nothing => {
            let all = ContentRangeSpec::Bytes { range: None, instance_length: Some(len) };
            response.status(StatusCode::RANGE_NOT_SATISFIABLE).insert_header(ContentRange(all));
            return Ok(response.finish());
        }
    };
    Ok(response.body(PageBody::new(content, part.start, part.end - part.start)?))
}

/// True if the file fulfils `If-Match` (RFC 9110 section 13.1.1), or there is no such condition.
fn matches(request: &HttpRequest, tag: &EntityTag) -> bool {
    match request.get_header::<IfMatch>() {
        None | Some(IfMatch::Any) => true,
        Some(IfMatch::Items(tags)) => tags.iter().any(|other| other.strong_eq(tag)),
    }
}

/// True if the client has the file, by `If-None-Match` (RFC 9110 section 13.1.2).
fn is_known(request: &HttpRequest, tag: &EntityTag) -> bool {
    match request.get_header::<IfNoneMatch>() {
        None => false,
        Some(IfNoneMatch::Any) => true,
        Some(IfNoneMatch::Items(tags)) => tags.iter().any(|other| other.weak_eq(tag)),
    }
}

/// The bytes that a client wants of a file.
enum Wanted {
    All,
    /// A part that is not empty.
    Part(Range<u64>),
    /// A range behind the end of the file.
    Nothing,
}

/// Returns the bytes that the client wants (RFC 9110 section 14.2). The header is ignored if it is not for GET, has another unit,
/// is malformed, or has several ranges, as an answer with several parts is of no use for a page.
fn range(request: &HttpRequest, tag: &EntityTag, len: u64) -> Wanted {
    let is_fresh = match request.get_header::<IfRange>() {
        None => !request.headers().contains_key(header::IF_RANGE),
        Some(IfRange::EntityTag(other)) => other.strong_eq(tag),
        Some(IfRange::Date(_)) => false,
    };
    if request.method() != Method::GET || !is_fresh {
        return Wanted::All;
    }
    let Ok(header::Range::Bytes(ranges)) = header::Range::parse(request) else { return Wanted::All };
    let [range] = ranges.as_slice() else { return Wanted::All };
    match (range, range.to_satisfiable_range(len)) {
        // A first byte behind the last one makes the header malformed (section 14.1.1).
        (ByteRangeSpec::FromTo(first, last), _) if first > last => Wanted::All,
        (_, Some((first, last))) => Wanted::Part(first..last + 1),
        (_, None) => Wanted::Nothing,
    }
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

/// Adds `Cache-Control` and `Vary` to the answers of [`Assets`].
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
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
    // The answer depends on this header even if it is the uncompressed file.
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Ok(response)
}

/// True if a file's name holds the hash of its content, as trunk writes it: `name-0123456789abcdef.js`, `…_bg.wasm`, and for the
/// script that shows the progress `0123456789abcdef-name.js`.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    let is_hash = |text: &str| text.len() >= 15 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    stem.rsplit_once('-').is_some_and(|(_, hash)| is_hash(hash))
        || stem.split_once('-').is_some_and(|(hash, _)| is_hash(hash))
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
            "/3f1c2a9b8d7e6f50-initializer.js",
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
