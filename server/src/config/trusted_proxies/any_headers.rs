//! Random headers of proxies and clients.

use std::net::{IpAddr, SocketAddr};

use actix_web::{
    http::header::{HeaderName, HeaderValue},
    test::TestRequest,
};
use proptest::prelude::*;

use super::TrustedProxies;

const X_FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED: &str = "forwarded";

/// Returns the client of a request from this address with these header lines.
fn client(peer: IpAddr, lines: &[(&str, Vec<u8>)]) -> Option<IpAddr> {
    let proxies = ["10.0.0.0/8", "fd00::/8"].map(|text| text.parse().unwrap());
    let mut request = TestRequest::get().peer_addr(SocketAddr::new(peer, 1));
    for (name, line) in lines {
        let line = HeaderValue::from_bytes(line).unwrap();
        request = request.append_header((HeaderName::try_from(*name).unwrap(), line));
    }
    TrustedProxies::from(proxies.to_vec()).client(request.to_http_request().head())
}

/// Values of a header: any bytes, and often those that have a meaning in one of the two headers.
fn line() -> impl Strategy<Value = Vec<u8>> {
    let any = prop_oneof![Just(b'\t'), 0x20..=0x7e_u8, 0x80..=0xff_u8].prop_map(|byte| vec![byte]);
    let known =
        ["\"", "\\", ",", ";", "for=", "for=\"", "1.1.1.1", "[2001:db8::1]:80", "10.0.0.1", "unknown"];
    let known = prop::sample::select(known.map(|text| text.as_bytes().to_vec()).to_vec());
    prop::collection::vec(prop_oneof![any, known], 0..12).prop_map(|parts| parts.concat())
}

fn untrusted() -> impl Strategy<Value = IpAddr> {
    any::<IpAddr>().prop_filter("not a proxy's", |address| match address.to_canonical() {
        IpAddr::V4(address) => address.octets()[0] != 10,
        IpAddr::V6(address) => address.octets()[0] != 0xfd,
    })
}

/// Returns an address as a proxy writes it into `Forwarded`.
fn element(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => format!("for={address}"),
        IpAddr::V6(address) => format!("for=\"[{address}]\";proto=https"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn headers_of_a_client_that_is_not_trusted_are_ignored(peer in untrusted(), one in line(), other in line()) {
        prop_assert_eq!(client(peer, &[(X_FORWARDED_FOR, one), (FORWARDED, other)]), None);
    }

    #[test]
    fn the_element_of_a_proxy_counts_whatever_a_client_wrote_before_it(
        claim in line(),
        address in untrusted(),
        behind_another in any::<bool>(),
    ) {
        let (x_forwarded_for, forwarded) = if behind_another {
            (format!("{address}, 10.0.0.2"), format!("{},for=\"10.0.0.2:80\";host=\"a,\\\"b\"", element(address)))
        } else {
            (address.to_string(), element(address))
        };
        for (name, added) in [(X_FORWARDED_FOR, x_forwarded_for), (FORWARDED, forwarded)] {
            let same = [claim.clone(), format!(", {added}").into_bytes()].concat();
            let found = client([10, 0, 0, 1].into(), &[(name, same)]);
            prop_assert_eq!(found, Some(address.to_canonical()), "{} on the same line", name);
            let lines = [(name, claim.clone()), (name, added.into_bytes())];
            let found = client([10, 0, 0, 1].into(), &lines);
            prop_assert_eq!(found, Some(address.to_canonical()), "{} on a line of its own", name);
        }
    }
}
