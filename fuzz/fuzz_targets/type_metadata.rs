#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    llavero_tests::fuzz::run("type_metadata", input);
});
