//! Macro for a section of the catalogue.

/// Defines a section: a struct of strings, and a constant of it for each language.
macro_rules! texts {
    ($(#[$doc:meta])* $section:ident { $($(#[$key_doc:meta])* $key:ident: $english:expr, $chinese:expr;)* }) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $section {
            $($(#[$key_doc])* pub $key: &'static str,)*
        }

        impl $section {
            pub(super) const EN: Self = Self { $($key: $english,)* };
            pub(super) const ZH: Self = Self { $($key: $chinese,)* };

            #[cfg(test)]
            pub(super) fn entries(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($key), self.$key),)*]
            }
        }
    };
}
