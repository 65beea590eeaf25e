//! The command `llavero`.
mod conformance;
fn main() {
    for f in std::env::args().skip(1) {
        let r = conformance::run_file(f.as_ref()).unwrap();
        println!("{} {}/{} skipped {}", r.file, r.passed, r.total, r.skipped);
        for x in &r.failed {
            println!("  {} expected {} got {}", x.id, x.expected, x.got);
        }
        for (i, g) in &r.either {
            println!("  either {i}: {g}");
        }
    }
}
