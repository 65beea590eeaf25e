//! Records that print as nothing: what an app logs by accident holds no value, no key and no place.

/// `Debug` and `Display` that name the type and nothing in it. Exported, they are what the other languages print.
macro_rules! redacted {
    ($type:ident) => {
        impl ::std::fmt::Debug for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(concat!("<", stringify!($type), " redacted>"))
            }
        }

        impl ::std::fmt::Display for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Debug::fmt(self, f)
            }
        }
    };
}
