//! The page: the files of `dist`, with the headers that let browsers keep what never changes.

use std::path::Path;

use actix_files::Files;
use actix_web::{
    Error, HttpRequest, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse, fn_service},
    http::header::{self, HeaderValue},
    middleware::Next,
};

/// The file at `/`.
pub const INDEX: &str = "index.html";

const NOT_BUILT: &str = include_str!("not_built.html");

/// Serves the files below `dist`, in the scope of the path `base`; where there are none, `/` says how to build them.
pub fn files(dist: &Path, base: &str) -> Files {
    let page = format!("{base}/");
    let not_built = NOT_BUILT.replace("/echo", &format!("{base}/echo"));
    let root = dist.to_owned();
    let index = dist.join(INDEX);
    let missing = fn_service(move |request: ServiceRequest| {
        let is_page = request.path() == page;
        // To look whether a file is there takes no descriptor, and to read it does.
        let not_built = (is_page && !index.exists()).then(|| not_built.clone());
        async move {
            let response = match not_built {
                Some(html) => {
                    HttpResponse::ServiceUnavailable().content_type("text/html; charset=utf-8").body(html)
                }
                None if is_page => HttpResponse::ServiceUnavailable()
                    .insert_header((header::RETRY_AFTER, "1"))
                    .content_type("text/plain; charset=utf-8")
                    .body("the page cannot be read at the moment; try again\n"),
                None => not_found().await,
            };
            Ok::<_, Error>(request.into_response(response))
        }
    });
    Files::new("/", dist)
        .index_file(INDEX)
        .try_compressed()
        .path_filter(move |path, _| is_servable(&root, path))
        .default_handler(missing)
}

/// True if a path below `dist`, and its compressed variants, are files there, as far as they exist: symbolic links must not lead out,
/// and to open a pipe would stop the thread.
fn is_servable(dist: &Path, path: &Path) -> bool {
    let Ok(root) = dist.canonicalize() else { return true };
    let mut file = root.join(path);
    if file.is_dir() {
        file.push(INDEX);
    }
    ["", ".br", ".gz"].iter().all(|suffix| {
        let mut variant = file.clone().into_os_string();
        variant.push(suffix);
        Path::new(&variant).canonicalize().map_or(true, |real| real.starts_with(&root) && real.is_file())
    })
}

/// The answer where nothing is.
pub async fn not_found() -> HttpResponse {
    HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body("not found\n")
}

/// Sends a browser from a path to the folder of its name, for the page names its files from there. Not for good, as that would be kept
/// when the server is set otherwise.
pub async fn redirect(request: HttpRequest) -> HttpResponse {
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    HttpResponse::TemporaryRedirect()
        .insert_header((header::LOCATION, format!("{}/{query}", request.path())))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
}

/// Adds `Cache-Control` and `Vary` to the answers of [`files`].
pub async fn cache_headers(
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
    // actix-files says it of the plain variant only.
    if let Some(value) = headers.get(header::CONTENT_TYPE).and_then(with_charset) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
    // The uncompressed file is one choice among three as well.
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Ok(response)
}

/// Adds the character set to a text's type that lacks it; the build writes UTF-8 only.
fn with_charset(value: &HeaderValue) -> Option<HeaderValue> {
    let value =
        value.to_str().ok().filter(|value| value.starts_with("text/") && !value.contains("charset"))?;
    HeaderValue::from_str(&format!("{value}; charset=utf-8")).ok()
}

/// Whether a file's name holds the hash of its content, as trunk writes it: `name-0123456789abcdef.js`, `…_bg.wasm`.
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
