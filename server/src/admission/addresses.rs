//! The number of connections of each client address, where that is limited.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The connections of each address. Cloning gives another handle to the same ones.
#[derive(Debug, Clone)]
pub(crate) struct Addresses {
    limit: usize,
    counts: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// A permit for one connection of an address. Dropping it gives it back.
#[derive(Debug)]
pub(crate) struct AddressPermit {
    address: IpAddr,
    addresses: Addresses,
}

/// The address has reached its limit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FullForAddress;

impl Addresses {
    /// A registry with a limit for each address. `usize::MAX` is no limit, and counts nothing.
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, counts: Arc::default() }
    }

    /// Returns a permit for one more connection, or none where there is no limit.
    pub(crate) fn admit(&self, address: IpAddr) -> Result<Option<AddressPermit>, FullForAddress> {
        if self.limit == usize::MAX {
            return Ok(None);
        }
        let address = subscriber(address);
        let mut counts = self.counts();
        let count = counts.entry(address).or_default();
        if *count >= self.limit {
            return Err(FullForAddress);
        }
        *count += 1;
        drop(counts);
        Ok(Some(AddressPermit { address, addresses: self.clone() }))
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        // No code panics while it holds the lock, and the counts would be right even then.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for AddressPermit {
    fn drop(&mut self) {
        let mut counts = self.addresses.counts();
        if let Some(count) = counts.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.address);
            }
        }
    }
}

/// Returns the address by which a subscriber is counted: the IPv4 address, or the first address of the IPv6 network of 64 bits
/// (RFC 6177), in which a subscriber may take any address.
pub(crate) fn subscriber(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_has_so_many_places_and_gets_them_back() {
        let addresses = Addresses::new(2);
        let enter = |text: &str| addresses.admit(text.parse().unwrap());
        let first = enter("192.0.2.1").unwrap();
        let _second = enter("::ffff:192.0.2.1").unwrap();
        assert_eq!(enter("192.0.2.1").unwrap_err(), FullForAddress);
        assert!(enter("192.0.2.2").is_ok());
        drop(first);
        assert!(enter("192.0.2.1").is_ok());
    }

    #[test]
    fn an_ipv6_network_is_one_client() {
        let addresses = Addresses::new(1);
        let _one = addresses.admit("2001:db8::1".parse().unwrap()).unwrap();
        assert!(addresses.admit("2001:db8::2".parse().unwrap()).is_err());
        assert!(addresses.admit("2001:db8:0:1::1".parse().unwrap()).is_ok());
    }

    #[test]
    fn without_a_limit_nothing_is_kept() {
        let addresses = Addresses::new(usize::MAX);
        assert!(addresses.admit("192.0.2.1".parse().unwrap()).unwrap().is_none());
        assert!(addresses.counts().is_empty());
    }

    #[test]
    fn nothing_is_kept_of_those_who_left() {
        let addresses = Addresses::new(1);
        drop(addresses.admit("192.0.2.1".parse().unwrap()).unwrap());
        assert!(addresses.counts().is_empty());
    }
}
