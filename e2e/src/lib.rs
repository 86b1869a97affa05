//! Empty library. The tests are in `tests/browser`.
